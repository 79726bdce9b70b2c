package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.LoopThread;
import org.asyncore.SocketMap;
import org.asyncore.fixture.NettyIo;
import org.asyncore.fixture.Other;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.migrate.DispatcherHandler;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The peer of a Unix domain socket asks, ends its stream, and reads a long answer late: Netty's
 * channel of NIO knows of no half-closure, and would close itself.
 */
@Timeout(60)
class UnixHalfCloseTest {
  private static final int ANSWER = 1_000_000;
  private static final long PAUSE_NANOS = 20_000_000;

  /** Who serves the dispatcher. */
  enum Served {
    BY_A_LOOP,
    BEHIND_A_HANDLER,
    READ_AHEAD,
    HANDED_TO_ANOTHER_LOOP,
    ADOPTED,
    HOSTED
  }

  record Case(String transport, boolean usePoll, Served served, boolean isPaused) {}

  static Stream<Case> cases() {
    Stream<Case> everywhere =
        Stream.of("epoll", "nio")
            .flatMap(
                transport ->
                    Stream.of(Served.values()).flatMap(served -> cases(transport, served)));
    return Stream.concat(everywhere, cases("io_uring", Served.HOSTED));
  }

  private static Stream<Case> cases(String transport, Served served) {
    return Stream.of(false, true)
        .flatMap(
            usePoll ->
                Stream.of(false, true)
                    .map(isPaused -> new Case(transport, usePoll, served, isPaused)));
  }

  @TempDir private Path folder;

  /** Answers the first byte, and closes when all has left and the peer has ended. */
  private static final class Answerer extends DispatcherWithSend {
    private final boolean isPaused;
    private boolean hasEnded;

    Answerer(AsyncSocket socket, SocketMap map, Case tried) {
      super(socket, map);
      isPaused = tried.isPaused;
      if (tried.served == Served.BEHIND_A_HANDLER) {
        DispatcherChannels.pipeline(this).addFirst(new ChannelInboundHandlerAdapter());
      }
    }

    /** Where reading is paused, until half of the answer has left. */
    @Override
    public boolean readable() {
      return !hasEnded && !(isPaused && queuedBytes() > ANSWER / 2);
    }

    @Override
    public void handleRead() {
      if (recv(1).length > 0) send(Bytes.of(0, ANSWER));
    }

    @Override
    public void handleClose() {
      hasEnded = true;
      if (queuedBytes() == 0) close();
    }

    @Override
    public void handleWrite() {
      super.handleWrite();
      if (hasEnded && queuedBytes() == 0) close();
    }
  }

  private static final class Door extends Dispatcher {
    private final Case tried;
    private final SocketMap serving;

    Door(Path path, SocketMap map, SocketMap serving, Case tried) {
      super(map);
      this.tried = tried;
      this.serving = serving;
      createSocket(Family.UNIX);
      bind(UnixDomainSocketAddress.of(path));
      listen(5);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress from) {
      new Answerer(socket, serving, tried);
      serving.wakeup();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theWholeAnswerArrives(Case tried) throws Exception {
    NettyIo.named(tried.transport).assumeAvailable();
    Path path = folder.resolve("door");
    if (tried.served == Served.HOSTED) {
      host(tried, path);
      return;
    }
    if (tried.served == Served.ADOPTED) {
      assertEquals(null, Bytes.fault(adopt(tried, path, false), ANSWER));
      return;
    }
    SocketMap map = new SocketMap(tried.transport);
    map.readAhead(tried.served == Served.READ_AHEAD);
    boolean isHandedOn = tried.served == Served.HANDED_TO_ANOTHER_LOOP;
    SocketMap serving = isHandedOn ? new SocketMap(tried.transport) : map;
    try (LoopThread loop = new LoopThread("accepting", map).usePoll(tried.usePoll);
        LoopThread other = new LoopThread("serving", serving).usePoll(tried.usePoll)) {
      new Door(path, map, serving, tried);
      loop.start();
      if (isHandedOn) other.start();
      ask(path);
      loop.stop(Duration.ZERO);
    }
  }

  /** Netty asks how to read before its first read only. */
  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void anAdoptedChannelThatHasReadEndsAsNettys(String transport) throws Exception {
    NettyIo.named(transport).assumeAvailable();
    Case tried = new Case(transport, false, Served.ADOPTED, false);
    byte[] came = adopt(tried, folder.resolve("door"), true);
    assertEquals(transport.equals("epoll"), came.length == ANSWER, came.length + " bytes");
  }

  private static byte[] adopt(Case tried, Path path, boolean hasRead) throws Exception {
    SocketMap map = new SocketMap(tried.transport);
    try (LoopThread loop = new LoopThread("adopting", map).usePoll(tried.usePoll).start()) {
      new ServerBootstrap()
          .group(DispatcherChannels.eventLoopGroup(map))
          .channel(DispatcherChannels.serverChannelClass(map, Family.UNIX))
          .childHandler(new Adopter(map, tried, hasRead))
          .bind(NettyIo.named(tried.transport).address(UnixDomainSocketAddress.of(path)))
          .sync();
      byte[] came = Other.thread("asking", () -> answer(path)).result();
      loop.stop(Duration.ZERO);
      return came;
    }
  }

  /** Gives its channel to a dispatcher when it is up, or at its first bytes. */
  @ChannelHandler.Sharable
  private static final class Adopter extends ChannelInboundHandlerAdapter {
    private final SocketMap map;
    private final Case tried;
    private final boolean hasRead;

    Adopter(SocketMap map, Case tried, boolean hasRead) {
      this.map = map;
      this.tried = tried;
      this.hasRead = hasRead;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      if (!hasRead) adopt(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      Answerer made = adopt(context);
      ReferenceCountUtil.release(message);
      made.send(Bytes.of(0, ANSWER));
    }

    private Answerer adopt(ChannelHandlerContext context) {
      context.pipeline().remove(this);
      return new Answerer(DispatcherChannels.adopt(map, context.channel()), map, tried);
    }
  }

  private void host(Case tried, Path path) throws Exception {
    NettyIo io = NettyIo.named(tried.transport);
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, io.handlers());
    SocketMap hosted = DispatcherHandler.newMap();
    try {
      new ServerBootstrap()
          .group(group)
          .channel(io.serverChannel(true))
          .childHandler(
              new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel channel) {
                  channel
                      .pipeline()
                      .addLast(
                          new DispatcherHandler(
                              (socket, map) -> new Answerer(socket, map, tried), hosted));
                }
              })
          .bind(io.address(UnixDomainSocketAddress.of(path)))
          .sync();
      ask(path);
    } finally {
      group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }
  }

  private static void ask(Path path) throws Exception {
    Other<byte[]> asking = Other.thread("asking", () -> answer(path));
    byte[] came = asking.result();
    assertEquals(null, Bytes.fault(came, ANSWER));
  }

  private static byte[] answer(Path path) throws IOException {
    ByteArrayOutputStream came = new ByteArrayOutputStream();
    try (SocketChannel peer = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      peer.write(ByteBuffer.wrap(new byte[1]));
      peer.shutdownOutput();
      LockSupport.parkNanos(PAUSE_NANOS); // A slow reader, not a wait for anybody.
      ByteBuffer piece = ByteBuffer.allocate(65_536);
      for (; peer.read(piece) >= 0; piece.clear()) came.write(piece.array(), 0, piece.position());
    }
    return came.toByteArray();
  }
}
