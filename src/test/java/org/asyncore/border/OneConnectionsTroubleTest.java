package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.DecoderException;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.NettyIo;
import org.asyncore.migrate.DispatcherHandler;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes wrong with one connection is told to its dispatcher, and is nobody else's trouble. */
class OneConnectionsTroubleTest {
  /** What a handler in front does wrong, at the first bytes. */
  enum Trouble {
    EXCEPTION,
    DECODER_EXCEPTION,
    ERROR,
    ANOTHER_TYPE,
    NOTHING_PASSED_ON
  }

  record Case(Row row, Trouble trouble) {
    @Override
    public String toString() {
      return row + ", " + trouble;
    }
  }

  static Stream<Case> cases() {
    Set<Mode> modes = EnumSet.complementOf(EnumSet.of(Mode.LOOP, Mode.READ_AHEAD, Mode.MOVED));
    Stream<Case> all =
        Row.of(modes, List.of(Kind.values()))
            .flatMap(row -> Stream.of(Trouble.values()).map(trouble -> new Case(row, trouble)));
    return Sample.of(all, 20);
  }

  private static final class Wrong extends ChannelInboundHandlerAdapter {
    private final Trouble trouble;

    Wrong(Trouble trouble) {
      this.trouble = trouble;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ReferenceCountUtil.release(message);
      switch (trouble) {
        case EXCEPTION -> throw new IllegalStateException("provoked");
        case DECODER_EXCEPTION -> throw new DecoderException("provoked");
        case ERROR -> throw new AssertionError("provoked");
        case ANOTHER_TYPE -> context.fireChannelRead("a string");
        case NOTHING_PASSED_ON -> {}
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aHandlersFaultIsToldToItsDispatcherAlone(Case tried) {
    try (Site site = new Site(tried.row)) {
      Site.Met met = site.meet("guest");
      Site.Met neighbour = site.meet("neighbour");
      met.channel().pipeline().addFirst(new Wrong(tried.trouble));
      met.remote().sendPlain(Bytes.of(0, 10));
      if (tried.trouble == Trouble.NOTHING_PASSED_ON) {
        site.passes(5);
        assertEquals(0, met.script().count("handleError"), site.watch::toString);
      } else if (!tried.row.mode().isTls() || tried.trouble != Trouble.ANOTHER_TYPE) {
        site.until(() -> met.script().told != null, "word of it");
      }
      neighbour.remote().send(Bytes.of(0, 10));
      site.until(() -> neighbour.script().received().length == 10, "neighbour's bytes");
      assertEquals(0, neighbour.script().count("handleError"), site.watch::toString);
      Site.Met late = site.meet("late");
      late.remote().send(Bytes.of(0, 10));
      site.until(() -> late.script().received().length == 10, "bytes of who came later");
      site.judge();
    }
  }

  /** What a program may still call when its group is gone. */
  enum Late {
    CLOSE,
    CLOSE_TWICE,
    SEND_THEN_CLOSE,
    INTEREST_CHANGED,
    CALL_LATER,
    NAMES
  }

  record Ended(Row row, Late late) {
    @Override
    public String toString() {
      return row + ", " + late;
    }
  }

  static Stream<Ended> ended() {
    return Row.of(Mode.HOSTED)
        .flatMap(row -> Stream.of(Late.values()).map(late -> new Ended(row, late)));
  }

  private static final class Slow extends Dispatcher {
    Slow(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public boolean readable() {
      return false;
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleClose() {
      // The program closes it later.
    }

    @Override
    public void handleError(Throwable thrown) {
      // Of the group's end.
    }
  }

  @ParameterizedTest
  @MethodSource("ended")
  void aDispatcherWhoseGroupHasEndedCloses(Ended tried) throws Exception {
    tried.row.assumeAvailable();
    NettyIo io = tried.row.io();
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, io.handlers());
    CompletableFuture<Dispatcher> hosted = new CompletableFuture<>();
    Channel server =
        new ServerBootstrap()
            .group(group)
            .channel(io.serverChannel())
            .childHandler(
                DispatcherHandler.each(
                    (socket, map) -> {
                      Slow made = new Slow(socket, map);
                      hosted.complete(made);
                      return made;
                    }))
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sync()
            .channel();
    SocketAddress address = server.localAddress();
    try (Remote remote = Remote.to(address).start(false)) {
      remote.sendPlain(new byte[5000]);
      Dispatcher dispatcher = hosted.get(5, TimeUnit.SECONDS);
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
      call(dispatcher, tried.late);
      dispatcher.close();
      assertEquals(-1, dispatcher.socket().fileno());
      assertEquals(-1, dispatcher.fileno());
      assertTrue(dispatcher.map().isEmpty());
    }
  }

  /** Whatever it answers, it closes afterwards. */
  private static void call(Dispatcher dispatcher, Late late) {
    try {
      switch (late) {
        case CLOSE -> {}
        case CLOSE_TWICE -> dispatcher.close();
        case SEND_THEN_CLOSE -> dispatcher.send(new byte[10]);
        case INTEREST_CHANGED -> dispatcher.interestChanged();
        case CALL_LATER -> dispatcher.callLater(Duration.ofMillis(1), () -> {});
        case NAMES -> dispatcher.socket().getsockname();
      }
    } catch (RuntimeException refused) {
      assertTrue(refused.getMessage() != null, refused::toString);
    }
  }
}
