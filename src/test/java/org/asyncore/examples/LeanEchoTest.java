package org.asyncore.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.examples.migrating.TouchedEcho;
import org.asyncore.examples.migrating.ZeroCopyEcho;
import org.asyncore.fixture.NettyIo;
import org.asyncore.migrate.DispatcherFactory;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The echoes between the rungs of docs/migrating.md. */
class LeanEchoTest {
  private static final int LIMIT_MILLIS = 20_000;

  private static final class Server extends Dispatcher {
    private final DispatcherFactory factory;

    Server(SocketMap map, DispatcherFactory factory) {
      super(map);
      this.factory = factory;
    }

    static Server listening(SocketMap map, DispatcherFactory factory) {
      Server server = new Server(map, factory);
      server.createSocket();
      server.bind("127.0.0.1", 0);
      server.listen(5);
      return server;
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      factory.create(socket, map());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void oneThatIsAskedOnTouchSendsEverythingBack(String transport) throws Exception {
    assertEchoes(transport, TouchedEcho::new);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void oneThatCopiesNothingSendsEverythingBack(String transport) throws Exception {
    assertEchoes(transport, ZeroCopyEcho::piped);
  }

  private static void assertEchoes(String transport, DispatcherFactory factory) throws Exception {
    NettyIo.named(transport).assumeAvailable();
    byte[] sent = new byte[3_000_000]; // More than the kernel holds on the way.
    new Random(1).nextBytes(sent);
    SocketMap map = new SocketMap(transport);
    map.checkInterest(true);
    try (Serving serving = new Serving(Server.listening(map, factory));
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), serving.port())) {
      socket.setSoTimeout(LIMIT_MILLIS);
      CompletableFuture<Void> written =
          CompletableFuture.runAsync(
              () -> {
                try {
                  socket.getOutputStream().write(sent);
                  socket.shutdownOutput();
                } catch (IOException failed) {
                  throw new UncheckedIOException(failed);
                }
              });
      assertArrayEquals(sent, socket.getInputStream().readNBytes(sent.length));
      written.get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    }
  }
}
