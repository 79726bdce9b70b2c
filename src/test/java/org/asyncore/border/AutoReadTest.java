package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.internal.PlatformDependent;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.asyncore.fixture.Other;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What waits in memory for a dispatcher has a bound in every state, whoever else sets auto-read and
 * however often.
 */
class AutoReadTest {
  /** Far more than is ever read ahead, and than the kernel keeps. */
  private static final long FLOOD = 8L << 20;

  private static final long MOST_KEPT = 1 << 20;
  private static final long LIMIT_NANOS = 2_000_000_000L;
  private static final int QUIET_TURNS = 40;

  /** In what state the dispatcher is when a handler sets auto-read. */
  enum State {
    NOT_READABLE,
    /** It reads nothing, and has output that its peer does not take. */
    FULL,
    /** It has closed, and its last bytes are not taken. */
    CLOSING,
    /** Its TLS has ended, by the peer's word. */
    TLS_ENDED
  }

  record Case(Row row, State state) {
    boolean isAllowed() {
      // There TLS has timeouts of its own, which a close with unsent bytes waits for.
      if (state == State.CLOSING && row.mode() == Mode.HOSTED_TLS) return false;
      return state != State.TLS_ENDED || row.mode().isTls();
    }

    @Override
    public String toString() {
      return row + ", " + state;
    }
  }

  static Stream<Case> cases() {
    Set<Mode> modes = EnumSet.complementOf(EnumSet.of(Mode.LOOP, Mode.READ_AHEAD, Mode.MOVED));
    Stream<Case> all =
        Row.of(modes, List.of(Kind.PLAIN))
            .flatMap(row -> Stream.of(State.values()).map(state -> new Case(row, state)));
    return Sample.of(all.filter(Case::isAllowed), 8);
  }

  /** Counts what leaves the kernel, and has it read on, as a traffic shaper does. */
  private static final class Shaper extends ChannelInboundHandlerAdapter {
    private long byteCount;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      byteCount += ((ByteBuf) message).readableBytes();
      context.channel().config().setAutoRead(true);
      context.fireChannelRead(message);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatNobodyReadsStaysInTheKernel(Case tried) {
    try (Site site = new Site(tried.row)) {
      Site.Met met = site.meet("guest");
      Channel channel = met.channel();
      Shaper shaper = new Shaper();
      channel.pipeline().addFirst(shaper);
      site.passes(2);
      reach(site, met, tried.state);
      site.task(() -> channel.config().setAutoRead(true));
      long read = met.script().received().length;
      long heldBefore = PlatformDependent.usedDirectMemory();
      flood(site, met.remote(), channel, shaper);
      long came = met.script().received().length - read;
      if (tried.state == State.NOT_READABLE || tried.state == State.FULL) {
        long kept = shaper.byteCount - came;
        assertTrue(kept < MOST_KEPT, () -> kept + " bytes are kept; " + site.watch);
      } else { // What is dropped is not kept.
        long held = PlatformDependent.usedDirectMemory() - heldBefore;
        assertTrue(held < 4 * MOST_KEPT, () -> held + " bytes of memory; " + site.watch);
      }
      site.judge();
    }
  }

  /** Until the peer is done, or stuck. */
  private static void flood(Site site, Remote remote, Channel channel, Shaper shaper) {
    Other<Long> flood = remote.flood(FLOOD);
    long start = System.nanoTime();
    for (int quiet = 0; quiet < QUIET_TURNS && !flood.isDone(); quiet++) {
      if (System.nanoTime() - start > LIMIT_NANOS) return; // What it drops by then, it drops.
      long seen = shaper.byteCount;
      channel.config().setAutoRead(true);
      site.turn(0.001);
      if (shaper.byteCount != seen) quiet = 0;
    }
  }

  private static void reach(Site site, Site.Met met, State state) {
    Script script = met.script();
    switch (state) {
      case NOT_READABLE -> site.task(() -> stopReading(met));
      case FULL -> {
        met.remote().reads(false);
        site.task(
            () -> {
              stopReading(met);
              met.guest().give(Bytes.of(0, 8 << 20));
            });
      }
      case CLOSING -> {
        met.remote().reads(false);
        site.task(
            () -> {
              met.guest().give(Bytes.of(0, 8 << 20));
              met.dispatcher().close();
            });
      }
      case TLS_ENDED -> {
        script.on("handleClose", me -> stopReading(met));
        met.remote().endOutput();
        site.until(() -> script.count("handleClose") > 0, "end of TLS");
      }
    }
    site.passes(3);
  }

  private static void stopReading(Site.Met met) {
    met.script().reads = false;
    met.dispatcher().interestChanged();
  }
}
