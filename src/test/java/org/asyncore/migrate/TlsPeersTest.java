package org.asyncore.migrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.handler.ssl.SslContext;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Some MiB in both directions at once, against other people's TLS. */
class TlsPeersTest {
  private static final byte[] BULK = new byte[3 << 20];
  private static SslContext serving;

  private TlsWorld world;

  @BeforeAll
  static void makeContext() throws Exception {
    serving = Certificates.LOCALHOST.server().build();
    new Random(7).nextBytes(BULK);
  }

  @AfterEach
  void closeAll() throws InterruptedException {
    if (world != null) world.close();
  }

  /** Sends back what comes. */
  private final class Mirror extends DispatcherWithSend {
    Mirror(AsyncSocket socket, SocketMap map) {
      super(socket, map);
      Tls.start(this, serving);
    }

    @Override
    public boolean readable() {
      return outBufferSize() < 100_000;
    }

    @Override
    public void handleRead() {
      byte[] data = recv(65536);
      if (data.length > 0) send(data);
    }

    @Override
    public void handleError(Throwable thrown) {
      world.told("handleError " + thrown.getMessage());
      close();
    }

    @Override
    public void handleClose() {
      world.told("handleClose");
      close();
    }
  }

  /** Sends {@link #BULK}, and closes when as much has come. */
  private static final class Sender extends DispatcherWithSend {
    private final ByteArrayOutputStream got = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> done = new CompletableFuture<>();

    Sender(AsyncSocket socket, SocketMap map, SslContext asking, InetSocketAddress address) {
      super(socket, map);
      if (socket == null) createSocket();
      Tls.start(this, asking, "localhost", address.getPort());
      if (socket == null) connect(address);
    }

    @Override
    public void handleConnect() {
      send(BULK);
    }

    @Override
    public void handleRead() {
      got.writeBytes(recv(65536));
      if (got.size() < BULK.length) return;
      close();
      done.complete(got.toByteArray());
    }

    @Override
    public void handleError(Throwable thrown) {
      done.completeExceptionally(thrown);
      close();
    }

    @Override
    public void handleClose() {
      done.completeExceptionally(new AssertionError("closed after " + got.size() + " bytes"));
      close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "nio, JDK",
    "nio, NETTY",
    "nio, OPENSSL",
    "epoll, JDK",
    "epoll, NETTY",
    "epoll, OPENSSL",
    "hosted, JDK",
    "hosted, NETTY",
    "hosted, OPENSSL"
  })
  void aClientGetsTheSameBytesBack(String place, BulkPeer peer) throws Exception {
    peer.assumeAvailable();
    world = new TlsWorld(place);
    InetSocketAddress address = world.serve(Mirror::new);
    assertArrayEquals(BULK, world.beside(() -> peer.exchange(address, BULK)));
    world.until(() -> !world.calls().isEmpty(), "the end at the server");
    if (peer == BulkPeer.OPENSSL) return; // It ends when it is told to, however that is.
    assertEquals("handleClose", world.calls().get(0));
  }

  @ParameterizedTest
  @CsvSource({
    "nio, JDK",
    "nio, NETTY",
    "nio, OPENSSL",
    "epoll, JDK",
    "epoll, NETTY",
    "epoll, OPENSSL",
    "hosted, JDK",
    "hosted, NETTY",
    "hosted, OPENSSL"
  })
  void aServerGetsAndSendsTheSameBytes(String place, BulkPeer peer) throws Exception {
    peer.assumeAvailable();
    world = new TlsWorld(place);
    SslContext asking = Certificates.client().build();
    try (BulkPeer.Serving server = peer.serve(BULK)) {
      CompletableFuture<Sender> client = new CompletableFuture<>();
      world.connect(
          server.address(),
          (socket, map) -> {
            client.complete(new Sender(socket, map, asking, server.address()));
            return client.join();
          });
      world.until(client.join().done::isDone, "all bytes back");
      assertArrayEquals(BULK, client.join().done.get());
      world.until(server.got()::isDone, "all bytes at the server");
      assertArrayEquals(BULK, server.got().get(1, TimeUnit.SECONDS));
    }
    assertFalse(world.wasTold("handleError"), () -> world.calls().toString());
  }
}
