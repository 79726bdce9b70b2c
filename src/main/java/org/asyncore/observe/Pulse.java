package org.asyncore.observe;

/**
 * When a map's loop last ended a pass, and how long its callbacks hold it up. Written by the thread
 * that makes the pass, read by any.
 */
final class Pulse {
  /** When the callbacks of the pass under way began; {@link #NONE} while it asks and waits. */
  private volatile long calledNanos = NONE;

  private volatile long endedNanos = System.nanoTime();
  private volatile long lastLagNanos;

  /** No time: a {@code nanoTime} of exactly 0 would be taken for it, and be off by one pass. */
  private static final long NONE = 0;

  void waited() {
    calledNanos = System.nanoTime();
  }

  void passEnded() {
    long now = System.nanoTime();
    if (calledNanos != NONE) lastLagNanos = now - calledNanos;
    calledNanos = NONE;
    endedNanos = now;
  }

  /** How long a connection that has news waits for the callbacks of others; of the longer pass. */
  long lagNanos(long nowNanos) {
    long began = calledNanos;
    return began == NONE ? lastLagNanos : Math.max(lastLagNanos, nowNanos - began);
  }

  long sincePassNanos(long nowNanos) {
    return Math.max(0, nowNanos - endedNanos);
  }
}
