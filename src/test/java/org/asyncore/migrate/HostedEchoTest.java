package org.asyncore.migrate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.fixture.NettyIo;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.WouldBlockException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Unchanged dispatchers behind native bootstraps, over loopback. */
class HostedEchoTest {
  private static final int LIMIT_MILLIS = 20_000;

  /** The state of a connection whose peer has ended its stream. */
  private static final int CLOSE_WAIT = 8;

  private EventLoopGroup group;
  private NettyIo io;
  private Channel server;

  private void start(String transport, DispatcherFactory factory) {
    io = NettyIo.named(transport);
    io.assumeAvailable();
    group = new MultiThreadIoEventLoopGroup(2, io.handlers());
    server =
        new ServerBootstrap()
            .group(group)
            .channel(io.serverChannel())
            .childHandler(DispatcherHandler.each(factory))
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
  }

  /** As {@link #start}; gives the dispatchers as they are made. */
  private <D extends Dispatcher> BlockingQueue<D> startAndKeep(
      String transport, BiFunction<AsyncSocket, SocketMap, D> factory) {
    BlockingQueue<D> made = new LinkedBlockingQueue<>();
    start(
        transport,
        (socket, map) -> {
          D dispatcher = factory.apply(socket, map);
          made.add(dispatcher);
          return dispatcher;
        });
    return made;
  }

  @AfterEach
  void stop() {
    if (group == null) return;
    group.shutdownGracefully(1, 5000, TimeUnit.MILLISECONDS);
    assertTrue(group.terminationFuture().awaitUninterruptibly(10, TimeUnit.SECONDS), "group ends");
  }

  private Socket client() throws IOException {
    InetSocketAddress address = (InetSocketAddress) server.localAddress();
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(LIMIT_MILLIS);
    return socket;
  }

  /** Python's documentation has this one. */
  static final class EchoHandler extends DispatcherWithSend {
    EchoHandler(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public void handleRead() {
      byte[] data = recv(8192);
      if (data.length > 0) send(data);
    }

    @Override
    public void handleClose() {
      close();
    }
  }

  private static byte[] randomBytes(int byteCount) {
    byte[] bytes = new byte[byteCount];
    new Random(byteCount).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "io_uring"})
  void manyConnectionsEachGetTheirOwnBytesBack(String transport) throws Exception {
    start(transport, EchoHandler::new);
    ExecutorService clients = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        int byteCount = 300_000 + i * 1001;
        done.add(
            clients.submit(
                () -> {
                  assertEchoed(randomBytes(byteCount));
                  return null;
                }));
      }
      for (Future<?> each : done) each.get(60, TimeUnit.SECONDS);
    } finally {
      clients.shutdownNow();
    }
  }

  /** Reads nothing until it is told to. */
  private static final class Later extends Dispatcher {
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private volatile boolean wants;

    Later(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public boolean readable() {
      return wants;
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      received.writeBytes(recv(8192));
    }

    @Override
    public void handleClose() {
      close();
      ended.countDown();
    }

    void waitForThePeersEnd() throws InterruptedException {
      Channel channel = DispatcherChannels.channel(this);
      long start = System.nanoTime();
      while (channel instanceof EpollSocketChannel epoll && epoll.tcpInfo().state() != CLOSE_WAIT) {
        assertTrue(System.nanoTime() - start < LIMIT_MILLIS * 1_000_000L, "the peer's end comes");
        Thread.onSpinWait();
      }
      for (int i = 0; i < 3; i++) channel.eventLoop().submit(() -> {}).sync(); // Has seen it, too.
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "io_uring"})
  void bytesThatWaitWhileThePeerEndsAreNotLost(String transport) throws Exception {
    BlockingQueue<Later> made = startAndKeep(transport, Later::new);
    byte[] sent = randomBytes(120_000); // More than is read ahead, less than the window.
    try (Socket socket = client()) {
      Later later = made.poll(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
      socket.getOutputStream().write(sent);
      socket.shutdownOutput();
      later.waitForThePeersEnd();
      later.wants = true;
      later.interestChanged();
      assertTrue(later.ended.await(LIMIT_MILLIS, TimeUnit.MILLISECONDS), "handleClose comes");
      assertArrayEquals(sent, later.received.toByteArray());
    }
  }

  private void assertEchoed(byte[] sent) throws Exception {
    try (Socket socket = client()) {
      Thread writer =
          new Thread(
              () -> {
                try {
                  socket.getOutputStream().write(sent);
                } catch (IOException broken) {
                  // The reader notices.
                }
              });
      writer.start();
      assertArrayEquals(sent, socket.getInputStream().readNBytes(sent.length));
      writer.join();
      socket.shutdownOutput();
      assertEquals(-1, socket.getInputStream().read());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "io_uring"})
  void anEndOfTheInputDoesNotEndTheOutput(String transport) throws Exception {
    byte[] reply = randomBytes(4_000_000);
    start(
        transport,
        (socket, map) ->
            new DispatcherWithSend(socket, map) {
              private boolean replied;

              @Override
              public void handleRead() {
                if (recv(100).length > 0) return;
                replied = true;
                send(reply);
              }

              @Override
              public boolean readable() {
                return !replied;
              }

              @Override
              public void handleClose() {
                // The end of what comes in; the reply goes out all the same.
              }

              @Override
              public void handleWrite() {
                super.handleWrite();
                if (replied && outBufferSize() == 0) close();
              }
            });
    try (Socket socket = client()) {
      socket.getOutputStream().write("request".getBytes(US_ASCII));
      socket.shutdownOutput();
      assertArrayEquals(reply, socket.getInputStream().readAllBytes());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "io_uring"})
  void whatWasPushedBeforeCloseWhenDoneArrives(String transport) throws Exception {
    byte[] reply = randomBytes(8_000_000);
    start(
        transport,
        (socket, map) -> {
          AsyncChat chat =
              new AsyncChat(socket, map) {
                @Override
                public void collectIncomingData(byte[] data) {
                  throw new AssertionError("nothing but the terminator comes");
                }

                @Override
                public void foundTerminator() {
                  push(reply);
                  closeWhenDone();
                }
              };
          chat.setTerminator("\n".getBytes(US_ASCII));
          return chat;
        });
    try (Socket socket = client()) {
      socket.getOutputStream().write('\n');
      assertArrayEquals(reply, socket.getInputStream().readAllBytes());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "io_uring"})
  void aClientConnectsAndIsRefused(String transport) throws Exception {
    BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    start(transport, EchoHandler::new);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(group)
            .channel(io.channel())
            .handler(DispatcherHandler.each((socket, map) -> new Client(socket, map, calls)));
    bootstrap.connect(server.localAddress());
    assertEquals("handleConnect false", next(calls));
    assertEquals("handleRead ping true", next(calls));
    assertEquals("handleClose", next(calls));
    try (Socket nobodyListens = new Socket()) {
      nobodyListens.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      bootstrap.connect(nobodyListens.getLocalSocketAddress());
      String refused = next(calls);
      assertTrue(refused.contains("ECONNREFUSED"), refused);
      assertEquals("handleClose", next(calls));
    }
  }

  private static String next(BlockingQueue<String> calls) throws InterruptedException {
    String call = calls.poll(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    return call == null ? "no call in " + LIMIT_MILLIS + " ms" : call;
  }

  private static final class Client extends Dispatcher {
    private final BlockingQueue<String> calls;

    Client(AsyncSocket socket, SocketMap map, BlockingQueue<String> calls) {
      super(socket, map);
      this.calls = calls;
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleConnect() {
      calls.add("handleConnect " + connected());
      send("ping".getBytes(US_ASCII));
    }

    @Override
    public void handleRead() {
      calls.add("handleRead " + new String(recv(100), US_ASCII) + " " + connected());
      handleClose();
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
  @ValueSource(strings = {"nio", "epoll", "io_uring"})
  void otherThreadsSendAndClose(String transport) throws Exception {
    BlockingQueue<EchoHandler> made = startAndKeep(transport, EchoHandler::new);
    try (Socket socket = client()) {
      Dispatcher dispatcher = made.poll(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
      assertThrows(WouldBlockException.class, () -> dispatcher.recv(1));
      InetSocketAddress other = new InetSocketAddress("localhost", 9);
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> dispatcher.socket().connectEx(other));
      assertTrue(refused.getMessage().contains("confined"), refused.getMessage());
      // Past the dispatcher's own queue, which is its event loop's.
      assertEquals(1, dispatcher.socket().send(new byte[] {'y'}, 0, 1));
      assertEquals('y', socket.getInputStream().read());
      socket.getOutputStream().write('x');
      assertEquals('x', socket.getInputStream().read());
      dispatcher.close(); // From any thread.
      assertEquals(-1, socket.getInputStream().read());
    }
  }

  /** Stays open at its end, to be called. */
  private static final class Silent extends Dispatcher {
    Silent(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleClose() {
      // As the class says.
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "io_uring"})
  void everyCallHasItsAnswerWhenTheGroupHasEnded(String transport) throws Exception {
    BlockingQueue<Silent> made = startAndKeep(transport, Silent::new);
    try (Socket client = client()) {
      Dispatcher dispatcher = made.poll(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
      group.shutdownGracefully(0, LIMIT_MILLIS, TimeUnit.MILLISECONDS).sync();
      AsyncSocket ended = dispatcher.socket();
      assertEquals(0, ended.recv(10).length);
      assertErrno(Errno.EPIPE, () -> ended.send(new byte[1], 0, 1));
      assertErrno(Errno.ENOTCONN, () -> ended.shutdown(Shutdown.WR));
      assertEquals(Errno.ECONNABORTED, ended.connectEx(client.getLocalSocketAddress()));
      assertEquals(Errno.OK, ended.takeError());
      dispatcher.close();
      assertErrno(Errno.EBADF, () -> ended.send(new byte[1], 0, 1));
    }
  }

  private static void assertErrno(Errno errno, Executable call) {
    assertEquals(errno, assertThrows(OsException.class, call).errno());
  }
}
