package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.asyncore.examples.migrating.HostedProxy;
import org.asyncore.fixture.NettyIo;
import org.asyncore.fixture.Wiring;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class HostedProxyTest {
  private static final String TRANSPORTS = "org.asyncore.fixture.Wiring#transports";

  /** A proxy on event loops of its own. */
  static final class Proxy implements AutoCloseable {
    private final EventLoopGroup group;
    private final InetSocketAddress address;

    Proxy(Wiring wiring, int targetPort) throws Exception {
      this(available(wiring).transport(), targetPort);
    }

    private static Wiring available(Wiring wiring) {
      wiring.assumeAvailable();
      return wiring;
    }

    Proxy(String transport, int targetPort) throws Exception {
      NettyIo io = NettyIo.named(transport);
      group = new MultiThreadIoEventLoopGroup(2, io.handlers());
      Channel listening =
          HostedProxy.serve(group, io.serverChannel(), io.channel(), at(0), at(targetPort))
              .sync()
              .channel();
      address = (InetSocketAddress) listening.localAddress();
    }

    private static InetSocketAddress at(int port) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    InetSocketAddress address() {
      return address;
    }

    Socket connect() throws IOException {
      return Kitchen.connect(address);
    }

    @Override
    public void close() {
      group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void aHalfCloseIsPassedOnAndTheAnswerComesBack(Wiring wiring) throws Exception {
    try (ServerSocket door = Kitchen.door();
        Proxy proxy = new Proxy(wiring, door.getLocalPort());
        Socket client = proxy.connect()) {
      Kitchen.send(client, "question");
      client.shutdownOutput();
      try (Socket server = door.accept()) {
        assertEquals("question", new String(server.getInputStream().readAllBytes(), US_ASCII));
        Kitchen.send(server, "answer");
      }
      assertEquals("answer", new String(client.getInputStream().readAllBytes(), US_ASCII));
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void slowReadersGetEveryByteBothWays(Wiring wiring) throws Exception {
    byte[] data = new byte[4 << 20];
    new Random(1).nextBytes(data);
    int clients = Integer.getInteger("cookbook.clients", 5);
    try (ServerSocket door = Kitchen.door();
        Proxy proxy = new Proxy(wiring, door.getLocalPort())) {
      List<Socket> sockets = new ArrayList<>();
      List<CompletableFuture<Void>> work = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        Socket client = proxy.connect();
        Socket server = door.accept();
        sockets.add(client);
        work.add(CompletableFuture.runAsync(() -> write(client, data), HostedProxyTest::start));
        work.add(CompletableFuture.runAsync(() -> write(server, data), HostedProxyTest::start));
        work.add(CompletableFuture.runAsync(() -> expect(server, data), HostedProxyTest::start));
      }
      for (Socket socket : sockets) expect(socket, data); // One after the other.
      for (CompletableFuture<Void> each : work) Kitchen.within(each);
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "a side");
    thread.setDaemon(true);
    thread.start();
  }

  private static void write(Socket socket, byte[] data) {
    try {
      socket.getOutputStream().write(data);
      socket.shutdownOutput();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void expect(Socket socket, byte[] data) {
    try {
      assertArrayEquals(data, socket.getInputStream().readAllBytes());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void aRefusedConnectEndsTheClientAndNothingElse(Wiring wiring) throws Exception {
    int nobody;
    try (ServerSocket door = Kitchen.door()) {
      nobody = door.getLocalPort();
    }
    try (Proxy proxy = new Proxy(wiring, nobody)) {
      for (int i = 0; i < 3; i++) {
        try (Socket client = proxy.connect()) {
          assertEquals(-1, client.getInputStream().read());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void aResetOfEitherSideEndsTheOther(Wiring wiring) throws Exception {
    try (ServerSocket door = Kitchen.door();
        Proxy proxy = new Proxy(wiring, door.getLocalPort())) {
      for (boolean clientResets : new boolean[] {true, false}) {
        try (Socket client = proxy.connect();
            Socket server = door.accept()) {
          Kitchen.send(client, "x");
          server.setSoTimeout(20_000);
          assertEquals('x', server.getInputStream().read());
          Kitchen.reset(clientResets ? client : server);
          assertEquals(-1, (clientResets ? server : client).getInputStream().read());
        }
      }
    }
  }
}
