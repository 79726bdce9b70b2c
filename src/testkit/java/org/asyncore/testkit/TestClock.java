package org.asyncore.testkit;

import java.time.Duration;

/**
 * A clock that stands still until it is told to move. Everything of a map on a {@link
 * MemoryNetwork} with this clock goes by it: scheduled calls, timeouts, back-off, what observers
 * are told of durations.
 *
 * <p>A pass that has to wait does not wait: it moves the clock to what is due next, or to the end
 * of its timeout. Safe from any thread.
 */
public final class TestClock {
  /** A century is as good as for ever, and two of them can be added. */
  private static final Duration LONGEST = Duration.ofDays(36_525);

  private final long startNanos;
  private long nanos;

  /** A clock at its start. */
  public TestClock() {
    this(1); // Not 0, so that nobody takes a duration for a time.
  }

  TestClock(long startNanos) {
    this.startNanos = startNanos;
    nanos = startNanos;
  }

  /** The time in nanoseconds since some moment, as {@link System#nanoTime}. */
  public synchronized long nanoTime() {
    return nanos;
  }

  /** How far it has moved since it was made. */
  public Duration elapsed() {
    return Duration.ofNanos(nanoTime() - startNanos);
  }

  /**
   * Moves it, and does nothing else: what is due now is done by the next pass. {@link
   * TestLoop#advance} makes these passes, too.
   *
   * @throws IllegalArgumentException if it is to go back
   */
  public void advance(Duration by) {
    forward(nanos(by, "a clock does not go back: by"));
  }

  /** As nanoseconds, from 0 on. */
  static long nanos(Duration duration, String name) {
    if (duration == null) throw new IllegalArgumentException(name + " is null");
    if (duration.isNegative()) throw new IllegalArgumentException(name + " < 0: " + duration);
    if (duration.compareTo(LONGEST) <= 0) return duration.toNanos();
    throw new IllegalArgumentException(name + " > " + LONGEST + ": " + duration);
  }

  synchronized void forward(long byNanos) {
    nanos += byNanos;
  }

  @Override
  public String toString() {
    return Texts.seconds(elapsed().toNanos());
  }
}
