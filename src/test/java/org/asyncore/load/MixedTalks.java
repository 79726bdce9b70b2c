package org.asyncore.load;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.asyncore.load.Plan.End;

/** Clients of all kinds in the order of a seed, as long as there is time. */
final class MixedTalks implements Iterator<Talk> {
  private static final int SHORT = 64;
  private static final int LONG = 200_000;
  private static final int LINES = 500;
  private static final int SLOW = 300_000;
  private static final int SLOW_MILLIS = 300;

  private final Random random;
  private final long end;
  private final InetSocketAddress bytes;
  private final InetSocketAddress lines;

  /**
   * @param bytes where to talk to an {@link Echo}
   * @param lines where to talk to a {@link LineEcho}
   */
  MixedTalks(Random random, Duration time, InetSocketAddress bytes, InetSocketAddress lines) {
    this.random = random;
    this.end = System.nanoTime() + time.toNanos();
    this.bytes = bytes;
    this.lines = lines;
  }

  @Override
  public boolean hasNext() {
    return System.nanoTime() - end < 0;
  }

  @Override
  public Talk next() {
    return new Talk(plan(random.nextInt(100)));
  }

  private Plan plan(int kind) {
    if (kind < 35) return echo(SHORT);
    if (kind < 60) return echo(anySize());
    if (kind < 65) return echo(anySize()).window(1 + random.nextInt(8192));
    if (kind < 75) return echo(anySize()).end(End.HALF_CLOSE);
    if (kind < 80) return echo(anySize()).end(End.RESET);
    if (kind < 90) return lines();
    if (kind < 95) return lines().end(End.RESET);
    return echo(SLOW).readingWhen(after(random.nextInt(SLOW_MILLIS)));
  }

  private Plan echo(int byteCount) {
    return Plan.echo(bytes, random.nextInt(Text.PERIOD), byteCount);
  }

  /** From one byte on, small ones as often as large ones. */
  private int anySize() {
    return 1 + random.nextInt(1 + random.nextInt(LONG));
  }

  /** Whole lines, as the end of one that is not whole would not come back. */
  private Plan lines() {
    long offset = (long) Text.LINE * random.nextInt(Text.PERIOD / Text.LINE);
    return Plan.echo(lines, offset, (long) Text.LINE * (1 + random.nextInt(LINES)));
  }

  private static BooleanSupplier after(int millis) {
    long start = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    return () -> System.nanoTime() - start >= 0;
  }
}
