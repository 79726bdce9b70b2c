package org.asyncore.testkit;

import java.util.function.BooleanSupplier;
import org.asyncore.Asyncore;
import org.asyncore.SocketMap;

/** Runs passes, never without a bound. */
public final class Passes {
  private static final long LIMIT_NANOS = 10_000_000_000L;

  /** Long enough not to spin, short enough to look at the condition often. */
  private static final double WAIT_SECONDS = 0.01;

  private Passes() {}

  /** One pass, which does not wait. */
  public static void one(SocketMap map, boolean usePoll) {
    loop(0, usePoll, map, 1);
  }

  /** {@code Asyncore.loop}, for callers who expect no interrupt. */
  public static void loop(double timeoutSeconds, boolean usePoll, SocketMap map, int count) {
    try {
      Asyncore.loop(timeoutSeconds, usePoll, map, count);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted in a pass", e);
    }
  }

  /**
   * Runs passes until {@code condition} holds, ten seconds at most.
   *
   * @param soFar printed, with what was waited for, when it does not come to hold
   */
  public static void until(
      SocketMap map, boolean usePoll, BooleanSupplier condition, String what, Object soFar) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > LIMIT_NANOS) {
        throw new AssertionError("no " + what + " after 10 s; so far: " + soFar);
      }
      if (map.isEmpty()) Thread.onSpinWait(); // A pass would not wait; somebody else has to act.
      else loop(WAIT_SECONDS, usePoll, map, 1);
    }
  }
}
