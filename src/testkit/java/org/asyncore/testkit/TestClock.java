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
    if (by == null) throw new IllegalArgumentException("by is null");
    if (by.isNegative()) throw new IllegalArgumentException("a clock does not go back: by " + by);
    forward(by.toNanos());
  }

  synchronized void forward(long byNanos) {
    nanos += byNanos;
  }

  @Override
  public String toString() {
    return Texts.seconds(elapsed().toNanos());
  }
}
