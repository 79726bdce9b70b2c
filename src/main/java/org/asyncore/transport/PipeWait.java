package org.asyncore.transport;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * Waiting for a {@link PipeEnd} outside a loop: nothing tells of it, so it looks again and again.
 */
final class PipeWait {
  private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

  private PipeWait() {}

  static int until(IntSupplier attempt, long waitNanos) throws InterruptedException {
    long start = System.nanoTime();
    for (long pause = 1_000; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      int result = attempt.getAsInt();
      if (result != 0 || System.nanoTime() - start >= waitNanos) return result;
      LockSupport.parkNanos(pause);
      if (Thread.interrupted()) throw new InterruptedException();
    }
  }
}
