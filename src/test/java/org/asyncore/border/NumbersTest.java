package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.asyncore.Dispatcher;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.Family;
import org.asyncore.transport.SocketType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A number belongs to a socket until its owner closes it: whatever closes a channel below an open
 * dispatcher, and whoever takes its descriptor over at once, each is told its own and nobody
 * else's.
 */
class NumbersTest {
  private static final int ROWS = 60;
  private static final int TAKERS = 3;
  private static final byte[] JUNK = "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** Who closes a channel that is not his. */
  enum Closer {
    /** The program, by the channel itself. */
    PROGRAM,
    /** A handler in front, at the next bytes. */
    HANDLER,
    /** Netty's handler for timeouts. */
    TIMEOUT,
    /** TLS, whose peer does not speak it. */
    HANDSHAKE,
    /** TLS, in the middle of a connection. */
    RECORD,
    PEER_RESETS,
    PEER_ENDS
  }

  record Case(Row row, Closer closer) {
    boolean isAllowed() {
      return switch (closer) {
        case HANDSHAKE, RECORD -> row.mode().isTls();
        case HANDLER, TIMEOUT -> row.mode() != Mode.LOOP && row.mode() != Mode.READ_AHEAD;
        default -> true;
      };
    }

    @Override
    public String toString() {
      return row + ", closed by " + closer;
    }
  }

  static Stream<Case> cases() {
    Stream<Case> all =
        Row.all().flatMap(row -> Stream.of(Closer.values()).map(closer -> new Case(row, closer)));
    return Sample.of(all.filter(Case::isAllowed), ROWS);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whoTakesADescriptorOverIsNotTakenForItsOwner(Case tried) throws IOException {
    try (Site site = new Site(tried.row)) {
      Play play = new Play(site, tried.closer);
      try {
        play.play();
      } finally {
        play.close();
      }
      site.judge();
    }
  }

  private static final class Play {
    private final Site site;
    private final Closer closer;

    /** In the same map, and on epoll under the number that became free. */
    private final List<Guest> newcomers = new ArrayList<>();

    /** The JDK's, under any number that became free. */
    private final List<DatagramChannel> strangers = new ArrayList<>();

    private Guest guest;
    private Remote remote;
    private boolean isGone;

    Play(Site site, Closer closer) {
      this.site = site;
      this.closer = closer;
    }

    void play() throws IOException {
      meet();
      DispatcherChannels.channel(guest.dispatcher()).closeFuture().addListener(f -> takeOver());
      strike();
      site.until(() -> isGone || isTold(), "end of the channel");
      judgeNumbers();
      site.until(this::isTold, "word to the guest");
      judgeNumbers();
      site.passes(3);
      guest.dispatcher().close();
      judgeNumbers();
      for (Guest newcomer : newcomers) judge(newcomer);
      for (DatagramChannel stranger : strangers) judge(stranger);
    }

    private void meet() {
      remote = site.call("guest");
      guest = site.await("guest", each -> each.script().writes = false);
      guest.script().on("handleClose", told -> {}).on("handleError", told -> {});
      boolean isTls = site.row.mode().isTls() && closer != Closer.HANDSHAKE;
      remote.start(isTls);
      site.until(() -> isTls ? site.isReady(guest, remote) : remote.isReady(), "handshake");
      inFront();
      site.passes(3);
    }

    private void inFront() {
      ChannelHandler handler =
          switch (closer) {
            case HANDLER -> new CloseAtBytes();
            case TIMEOUT -> new ReadTimeoutHandler(10, TimeUnit.MILLISECONDS);
            default -> null;
          };
      if (handler == null) return;
      boolean isHosted = site.row.mode().isHosted();
      Channel channel = DispatcherChannels.channel(guest.dispatcher());
      if (isHosted) channel.pipeline().addFirst(handler);
      else DispatcherChannels.pipeline(guest.dispatcher()).addFirst(handler);
    }

    private static final class CloseAtBytes extends ChannelInboundHandlerAdapter {
      @Override
      public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
        context.close();
      }
    }

    private void strike() {
      switch (closer) {
        case PROGRAM -> site.task(() -> DispatcherChannels.channel(guest.dispatcher()).close());
        case HANDLER -> remote.send(JUNK);
        case TIMEOUT -> {}
        case HANDSHAKE, RECORD -> remote.sendPlain(JUNK);
        case PEER_RESETS -> remote.reset();
        case PEER_ENDS -> remote.close();
      }
    }

    /** Just when the descriptor is free, before anybody else comes to run. */
    private void takeOver() throws IOException {
      isGone = true;
      site.watch.note("its descriptor is free");
      for (int i = 0; i < TAKERS; i++) {
        if (site.map() == null) strangers.add(DatagramChannel.open().bind(ANY_PORT));
        else newcomers.add(newcomer("newcomer " + i));
      }
    }

    private Guest newcomer(String name) {
      Guest made = Guest.of(Kind.PLAIN, name, site.watch, null, site.map());
      made.dispatcher().createSocket(Family.INET, SocketType.DGRAM);
      made.dispatcher().bind(ANY_PORT);
      return made;
    }

    private boolean isTold() {
      Script script = guest.script();
      return script.count("handleClose") + script.count("handleError") > 0;
    }

    private void judgeNumbers() {
      assertEquals(null, Numbers.fault(site.guests()), site.watch::toString);
      for (Guest newcomer : newcomers) {
        Dispatcher dispatcher = newcomer.dispatcher();
        assertSame(dispatcher, site.map().get(dispatcher.fileno()), site.watch::toString);
        assertTrue(Numbers.isOwn(dispatcher), () -> "not the descriptor's: " + dispatcher);
      }
    }

    private void judge(Guest newcomer) {
      send(newcomer.dispatcher().socket().getsockname());
      site.until(() -> newcomer.script().received().length > 0, "bytes of " + newcomer);
      assertEquals(0, newcomer.script().count("handleClose"), site.watch::toString);
      assertEquals(0, newcomer.script().count("handleError"), site.watch::toString);
    }

    private void judge(DatagramChannel stranger) throws IOException {
      send(stranger.getLocalAddress());
      ByteBuffer target = ByteBuffer.allocate(10);
      stranger.receive(target);
      assertEquals(1, target.position());
    }

    private static void send(SocketAddress to) {
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.send(new DatagramPacket(new byte[1], 1, to));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void close() throws IOException {
      for (DatagramChannel stranger : strangers) stranger.close();
    }
  }
}
