package org.asyncore.migrate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A hosted dispatcher that connects by itself: its channel was only registered. */
class HostedConnectTest {
  private static final int LIMIT_MILLIS = 20_000;

  private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
  private HostedClient client;

  /** What clients answer to writable() while they connect. */
  private boolean writes;

  @AfterEach
  void stop() {
    if (client != null) client.close();
  }

  private Channel register(String transport, DispatcherFactory factory) {
    client = new HostedClient(transport);
    return client.bootstrap(factory).register().syncUninterruptibly().channel();
  }

  private Client connect(String transport, String when, SocketAddress address) {
    Client[] made = new Client[1];
    Channel channel =
        register(
            transport,
            (socket, map) -> {
              made[0] = new Client(socket, map);
              if (when.equals("at once")) made[0].begin(address);
              return made[0];
            });
    if (when.equals("later")) {
      channel.eventLoop().submit(() -> made[0].begin(address)).syncUninterruptibly();
    }
    return made[0];
  }

  private List<String> next(int count) throws InterruptedException {
    String[] next = new String[count];
    for (int i = 0; i < count; i++) {
      next[i] = calls.poll(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
      if (next[i] == null) next[i] = "no call in " + LIMIT_MILLIS + " ms";
    }
    return List.of(next);
  }

  private final class Client extends Dispatcher {
    Client(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    private void begin(SocketAddress address) {
      tell("fresh");
      connect(address);
      tell("begun");
    }

    private void tell(String what) {
      calls.add(what + (connected() ? " connected" : "") + (connecting() ? " connecting" : ""));
    }

    @Override
    public boolean writable() {
      return writes && !connected();
    }

    @Override
    public void handleWrite() {
      tell("handleWrite");
    }

    @Override
    public void handleConnect() {
      tell("handleConnect");
    }

    @Override
    public void handleRead() {
      tell("handleRead " + new String(recv(100), US_ASCII));
    }

    @Override
    public void handleError(Throwable thrown) {
      tell("handleError " + thrown.getMessage());
      handleClose();
    }

    @Override
    public void handleClose() {
      tell("handleClose");
      close();
      tell("closed");
    }
  }

  static Stream<Arguments> everywhere() {
    return Stream.of("nio", "epoll", "io_uring")
        .flatMap(
            transport -> Stream.of("at once", "later").map(when -> Arguments.of(transport, when)));
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void itIsConnectingUntilItIsConnected(String transport, String when) throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      connect(transport, when, listening.getLocalSocketAddress());
      try (Socket peer = listening.accept()) {
        assertEquals(List.of("fresh", "begun connecting", "handleConnect connecting"), next(3));
        peer.getOutputStream().write('!');
        assertEquals(List.of("handleRead ! connected"), next(1));
      }
      assertEquals(List.of("handleClose connected", "closed"), next(2));
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void itIsConnectingUntilItHasFailed(String transport, String when) throws Exception {
    try (Socket nobodyListens = new Socket()) {
      nobodyListens.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      connect(transport, when, nobodyListens.getLocalSocketAddress());
      assertEquals(List.of("fresh", "begun connecting"), next(2));
      String error = next(1).get(0);
      assertTrue(error.startsWith("handleError [Errno 111] ECONNREFUSED"), error);
      assertTrue(error.endsWith(" connecting"), error);
      assertEquals(List.of("handleClose connecting", "closed"), next(2));
    }
  }

  /** As asyncore: one event connects and writes, and writable() was asked before it. */
  @ParameterizedTest
  @MethodSource("everywhere")
  void whoIsWritableUntilConnectedWritesOnce(String transport, String when) throws Exception {
    writes = true;
    try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      connect(transport, when, listening.getLocalSocketAddress());
      try (Socket peer = listening.accept()) {
        assertEquals(List.of("fresh", "begun connecting"), next(2));
        assertEquals(List.of("handleConnect connecting", "handleWrite connected"), next(2));
        peer.getOutputStream().write('!');
        assertEquals(List.of("handleRead ! connected"), next(1));
      }
      assertEquals(List.of("handleClose connected", "closed"), next(2));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "io_uring"})
  void aBootstrapThatConnectsIsNoConnectOfTheDispatchers(String transport) throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Client[] made = new Client[1];
      Channel channel = register(transport, (socket, map) -> made[0] = new Client(socket, map));
      channel.connect(listening.getLocalSocketAddress());
      assertEquals(List.of("handleConnect"), next(1));
      try (Socket peer = listening.accept()) {
        peer.getOutputStream().write('!');
        assertEquals(List.of("handleRead ! connected"), next(1));
      }
    }
  }
}
