package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.asyncore.fixture.Numbers;
import org.asyncore.fixture.Takers;
import org.asyncore.migrate.DispatcherChannels;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A number belongs to a socket until its owner closes it: whatever closes a channel below an open
 * dispatcher, and whoever takes its descriptor over at once, each is told its own and nobody
 * else's.
 */
class NumbersTest {
  private static final int ROWS = 60;
  private static final byte[] JUNK = "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

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
  void whoTakesADescriptorOverIsNotTakenForItsOwner(Case tried) {
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

    private final Takers takers;
    private Guest guest;
    private Remote remote;
    private boolean isGone;

    Play(Site site, Closer closer) {
      this.site = site;
      takers = new Takers(site.map());
      this.closer = closer;
    }

    void play() {
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
      takers.ask();
      site.until(takers::haveAnswered, "bytes of those who took it over");
      assertEquals(null, takers.fault(), site.watch::toString);
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
    private void takeOver() {
      isGone = true;
      site.watch.note("its descriptor is free");
      takers.takeOver();
    }

    private boolean isTold() {
      Script script = guest.script();
      return script.count("handleClose") + script.count("handleError") > 0;
    }

    private void judgeNumbers() {
      assertEquals(null, Numbers.fault(site.guests()), site.watch::toString);
      assertEquals(null, takers.fault(), site.watch::toString);
    }

    void close() {
      takers.close();
    }
  }
}
