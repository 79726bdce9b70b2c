package org.asyncore.migrate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.logging.LogLevel;
import io.netty.handler.logging.LoggingHandler;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.ExitNow;
import org.asyncore.SocketMap;
import org.asyncore.fixture.NettyIo;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.WouldBlockException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Handlers in front of a dispatcher that a loop serves. */
class HandlersInFrontTest {
  private static final int LIMIT_MILLIS = 20_000;
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final List<String> calls = new ArrayList<>();
  private SocketMap map;
  private Server server;
  private Echo echo;

  private void onTransport(String name) {
    NettyIo.named(name).assumeAvailable();
    map = new SocketMap(name);
  }

  @AfterEach
  void closeAll() throws InterruptedException {
    if (map != null) Asyncore.closeAll(map, true);
  }

  private final class Server extends Dispatcher {
    private final Consumer<Echo> prepare;

    Server(Consumer<Echo> prepare) {
      super(HandlersInFrontTest.this.map);
      this.prepare = prepare;
      createSocket();
      bind(ANY_PORT);
      listen(5);
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      echo = new Echo(socket);
      prepare.accept(echo);
    }
  }

  private final class Echo extends DispatcherWithSend {
    private boolean reads = true;
    private boolean writes;

    Echo(AsyncSocket socket) {
      super(socket, HandlersInFrontTest.this.map);
    }

    @Override
    public boolean readable() {
      return reads && outBufferSize() < 100_000;
    }

    @Override
    public boolean writable() {
      return writes || super.writable();
    }

    @Override
    public void handleRead() {
      byte[] data = recv(8192);
      if (data.length > 0) send(data);
    }

    @Override
    public void handleUserEvent(Object event) {
      if (event instanceof IdleStateEvent idle) calls.add("idle " + idle.state());
      else calls.add("event " + event);
      if (event instanceof RuntimeException thrown) throw thrown;
    }

    @Override
    public void handleError(Throwable thrown) {
      calls.add("handleError " + thrown.getMessage());
    }

    @Override
    public void handleClose() {
      calls.add("handleClose");
      close();
    }
  }

  /** Flips all bits, both ways. */
  private static final class Flip extends ChannelDuplexHandler {
    private static ByteBuf flip(Object message) {
      ByteBuf bytes = (ByteBuf) message;
      byte[] flipped = ByteBufUtil.getBytes(bytes); // At once: each access is recorded in tests.
      for (int i = 0; i < flipped.length; i++) flipped[i] = (byte) ~flipped[i];
      bytes.setBytes(bytes.readerIndex(), flipped);
      return bytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.fireChannelRead(flip(message));
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      context.write(flip(message), promise);
    }
  }

  private Socket client() throws IOException {
    InetSocketAddress address = (InetSocketAddress) server.socket().getsockname();
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(LIMIT_MILLIS);
    return socket;
  }

  private void until(CompletableFuture<?> done, String awaited) throws Exception {
    Until.pass(map, done::isDone, awaited, () -> calls);
    done.get(1, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @CsvSource({"nio, before", "nio, later", "epoll, before", "epoll, later"})
  void bytesTravelThroughTheHandlersInBothDirections(String transport, String when)
      throws Exception {
    onTransport(transport);
    server =
        new Server(
            accepted -> {
              if (when.equals("before")) inFront(accepted);
            });
    byte[] plain = new byte[3_000_000];
    new Random(1).nextBytes(plain);
    byte[] flipped = plain.clone();
    for (int i = 0; i < flipped.length; i++) flipped[i] = (byte) ~flipped[i];
    try (Socket socket = client()) {
      if (when.equals("later")) {
        until(
            CompletableFuture.supplyAsync(() -> exchange(socket, "plain".getBytes(US_ASCII))),
            "an echo without handlers");
        inFront(echo);
      }
      CompletableFuture<byte[]> answer =
          CompletableFuture.supplyAsync(() -> exchange(socket, flipped));
      until(answer, "the echo of 3 MB");
      assertArrayEquals(flipped, answer.get());
      socket.shutdownOutput();
      until(CompletableFuture.supplyAsync(() -> read(socket)), "the end of the stream");
    }
    assertEquals(List.of("handleClose"), calls);
  }

  private void inFront(Dispatcher dispatcher) {
    AsyncSocket before = dispatcher.socket();
    int number = dispatcher.fileno();
    DispatcherChannels.pipeline(dispatcher)
        .addFirst(new LoggingHandler(LogLevel.TRACE))
        .addBefore(DispatcherChannels.DISPATCHER, "flip", new Flip())
        .addBefore(DispatcherChannels.DISPATCHER, "flip again", new Flip());
    assertNotSame(before, dispatcher.socket());
    assertEquals(number, dispatcher.fileno());
    assertSame(dispatcher, map.get(number));
    assertEquals(-1, before.fileno());
  }

  private static byte[] exchange(Socket socket, byte[] sent) {
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              try {
                socket.getOutputStream().write(sent);
              } catch (IOException failed) {
                throw new AssertionError(failed);
              }
            },
            Until::inAThread); // Whoever reads has a thread of the common pool, maybe its only one.
    try {
      byte[] answer = socket.getInputStream().readNBytes(sent.length);
      writing.join();
      return answer;
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  private static int read(Socket socket) {
    try {
      return socket.getInputStream().read();
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void anIdleConnectionIsToldInAPass(String transport) throws Exception {
    onTransport(transport);
    server =
        new Server(
            accepted ->
                DispatcherChannels.pipeline(accepted)
                    .addFirst(new IdleStateHandler(30, 0, 0, TimeUnit.MILLISECONDS)));
    try (Socket socket = client()) {
      Until.pass(map, () -> !calls.isEmpty(), "an idle event", () -> calls);
      assertEquals("idle " + IdleState.READER_IDLE, calls.get(0));
      DispatcherChannels.pipeline(echo).fireUserEventTriggered(new ExitNow("out"));
      assertThrows(ExitNow.class, () -> Asyncore.loop(0, false, map, 1));
      assertTrue(socket.isConnected());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void aMessageOfAnotherTypeIsAnErrorAndTheConnectionGoesOn(String transport) throws Exception {
    onTransport(transport);
    server =
        new Server(
            accepted ->
                DispatcherChannels.pipeline(accepted)
                    .addFirst(
                        new ChannelInboundHandlerAdapter() {
                          private boolean told;

                          @Override
                          public void channelRead(ChannelHandlerContext context, Object message) {
                            if (!told) context.fireChannelRead("a string");
                            told = true;
                            context.fireChannelRead(message);
                          }
                        }));
    try (Socket socket = client()) {
      until(
          CompletableFuture.supplyAsync(() -> exchange(socket, new byte[] {1, 2, 3})),
          "the echo of three bytes");
      Until.pass(map, () -> !calls.isEmpty(), "an error", () -> calls);
    }
    assertTrue(
        calls.get(0).startsWith("handleError a dispatcher reads ByteBufs, not java.lang.String"),
        calls::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void aDispatcherThatDoesNotReadStopsThePeer(String transport) throws Exception {
    onTransport(transport);
    server =
        new Server(
            accepted -> {
              accepted.reads = false;
              DispatcherChannels.pipeline(accepted).addFirst(new Flip());
            });
    byte[] sent = new byte[6_000_000];
    try (Socket socket = client()) {
      CompletableFuture<byte[]> answer =
          CompletableFuture.supplyAsync(() -> exchange(socket, sent));
      Until.pass(
          map,
          () -> echo != null && !DispatcherChannels.channel(echo).config().isAutoRead(),
          "reading to stop",
          () -> calls);
      echo.reads = true;
      until(answer, "the echo of 6 MB");
    }
  }

  /** Counts what has left the kernel. */
  private static final class Count extends ChannelInboundHandlerAdapter {
    private int bytes;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      bytes += ((ByteBuf) message).readableBytes();
      context.fireChannelRead(message);
    }
  }

  @ParameterizedTest
  @CsvSource({"nio, true", "nio, false", "epoll, true", "epoll, false"})
  void aDispatcherThatDoesNotReadLeavesBytesInTheKernel(String transport, boolean writes)
      throws Exception {
    onTransport(transport);
    Count count = new Count();
    server =
        new Server(
            accepted -> {
              accepted.reads = false;
              accepted.writes = writes;
              DispatcherChannels.pipeline(accepted).addFirst(count);
            });
    try (Socket socket = client()) {
      socket.getOutputStream().write("first".getBytes(US_ASCII));
      Until.pass(map, () -> echo != null, "a connection", () -> calls);
      aFewPasses();
      assertEquals(0, count.bytes);
      echo.reads = true;
      until(CompletableFuture.supplyAsync(() -> readN(socket, 5)), "an echo");
      echo.reads = false;
      Asyncore.loop(0, true, map, 1); // Asks.
      socket.getOutputStream().write("second".getBytes(US_ASCII));
      aFewPasses();
      assertEquals(5, count.bytes);
      echo.reads = true;
      until(CompletableFuture.supplyAsync(() -> readN(socket, 6)), "another echo");
      assertEquals(11, count.bytes);
      echo.reads = false;
    }
    aFewPasses();
    assertEquals(List.of(), calls);
    echo.reads = true;
    Until.pass(map, () -> !calls.isEmpty(), "the end", () -> calls);
    assertEquals("handleClose", calls.get(0)); // A write in the same pass finds it closed, too.
  }

  private void aFewPasses() throws InterruptedException {
    for (int i = 0; i < 10; i++) Asyncore.loop(0.005, true, map, 1);
  }

  private static byte[] readN(Socket socket, int byteCount) {
    try {
      return socket.getInputStream().readNBytes(byteCount);
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void recvOfOneThatDoesNotReadFetchesWhatThereIs(String transport) throws Exception {
    onTransport(transport);
    server =
        new Server(
            accepted -> {
              accepted.reads = false;
              DispatcherChannels.pipeline(accepted).addFirst(new Count());
            });
    try (Socket socket = client()) {
      socket.getOutputStream().write("first".getBytes(US_ASCII));
      Until.pass(map, () -> echo != null, "a connection", () -> calls);
      aFewPasses();
      List<String> got = new ArrayList<>();
      Until.pass(map, () -> fetch(got), "bytes", () -> calls);
      assertEquals(List.of("first"), got);
    }
  }

  private boolean fetch(List<String> got) {
    try {
      return got.add(new String(echo.socket().recv(100), US_ASCII));
    } catch (WouldBlockException nothingYet) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void whatWasSentArrivesThoughTheDispatcherHasClosed(String transport) throws Exception {
    onTransport(transport);
    byte[] sent = new byte[4_000_000];
    new Random(2).nextBytes(sent);
    server =
        new Server(
            accepted -> {
              DispatcherChannels.pipeline(accepted).addFirst(new Flip()).addFirst(new Flip());
              DispatcherChannels.channel(accepted).config().setWriteBufferHighWaterMark(8_000_000);
              assertEquals(sent.length, accepted.socket().send(sent, 0, sent.length));
              accepted.close();
              server.close();
            });
    Socket socket = client();
    CompletableFuture<byte[]> got =
        CompletableFuture.supplyAsync(
            () -> {
              try (socket) {
                return socket.getInputStream().readAllBytes();
              } catch (IOException failed) {
                throw new AssertionError(failed);
              }
            });
    Asyncore.loop(map); // Ends when the bytes are out.
    assertArrayEquals(sent, got.get(LIMIT_MILLIS, TimeUnit.MILLISECONDS));
  }

  @ParameterizedTest
  @CsvSource({"nio, true", "nio, false", "epoll, true", "epoll, false"})
  void aClientGetsHandlersBeforeItConnectsOrOnTheWay(String transport, boolean before)
      throws Exception {
    onTransport(transport);
    try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Client client = new Client();
      if (before) DispatcherChannels.pipeline(client).addFirst(new Flip());
      client.connect(listening.getLocalSocketAddress());
      if (!before) DispatcherChannels.pipeline(client).addFirst(new Flip());
      try (Socket peer = listening.accept()) {
        peer.getOutputStream().write(~'x');
        Until.pass(map, () -> calls.contains("x"), "a flipped byte", () -> calls);
        assertEquals("handleConnect", calls.get(0));
        assertEquals(~'!' & 0xff, peer.getInputStream().read());
        peer.shutdownOutput();
        Until.pass(map, () -> calls.contains("handleClose"), "the end", () -> calls);
      }
      assertEquals(List.of("handleConnect", "x", "handleClose", ""), calls);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void aRefusedConnectReachesHandleError(String transport) throws Exception {
    onTransport(transport);
    SocketAddress nobody;
    try (ServerSocket closed = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      nobody = closed.getLocalSocketAddress();
    }
    Client client = new Client();
    DispatcherChannels.pipeline(client).addFirst(new Flip());
    client.connect(nobody);
    Until.pass(map, () -> calls.contains("handleClose"), "the refusal", () -> calls);
    assertTrue(calls.get(0).startsWith("handleError [Errno 111] ECONNREFUSED"), calls::toString);
    assertEquals(2, calls.size(), calls::toString);
  }

  private final class Client extends Dispatcher {
    Client() {
      this(Family.INET);
    }

    Client(Family family) {
      super(HandlersInFrontTest.this.map);
      createSocket(family);
    }

    @Override
    public boolean writable() {
      return !connected();
    }

    @Override
    public void handleConnect() {
      calls.add("handleConnect");
      send("!".getBytes(US_ASCII));
    }

    @Override
    public void handleRead() {
      calls.add(new String(recv(100), US_ASCII));
    }

    @Override
    public void handleWrite() {
      // Nothing more to say.
    }

    @Override
    public void handleError(Throwable thrown) {
      calls.add("handleError " + thrown.getMessage());
      handleClose();
    }

    @Override
    public void handleClose() {
      calls.add("handleClose");
      close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void aUnixSocketHearsOfItsEndThroughHandlersToo(String transport, @TempDir Path folder)
      throws Exception {
    onTransport(transport);
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("socket"));
    try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listening.bind(address);
      Client client = new Client(Family.UNIX);
      client.connect(address);
      DispatcherChannels.pipeline(client).addFirst(new Flip());
      try (SocketChannel peer = listening.accept()) {
        peer.write(ByteBuffer.wrap(new byte[] {~'x'}));
      }
      Until.pass(map, () -> calls.contains("handleClose"), "the end", () -> calls);
    }
    assertTrue(calls.contains("x"), calls::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void aListeningOrClosedDispatcherHasNoHandlersInFront(String transport) throws Exception {
    onTransport(transport);
    server = new Server(accepted -> {});
    assertThrows(IllegalStateException.class, () -> DispatcherChannels.pipeline(server));
    try (Socket socket = client()) {
      until(
          CompletableFuture.supplyAsync(() -> exchange(socket, new byte[] {1})),
          "an echo: the listening socket is untouched");
    }
    server.close();
    assertThrows(IllegalStateException.class, () -> DispatcherChannels.pipeline(server));
    Dispatcher none = new Dispatcher(map);
    assertThrows(IllegalStateException.class, () -> DispatcherChannels.pipeline(none));
  }
}
