package org.asyncore.migrate;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.asyncore.Asyncore;
import org.asyncore.SocketMap;

/** Runs passes until a condition holds, for a while. */
final class Until {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private Until() {}

  /**
   * Passes over a map until {@code holds}.
   *
   * @param state what a failure tells beside what it waited for
   */
  static void pass(SocketMap map, BooleanSupplier holds, String awaited, Supplier<?> state)
      throws InterruptedException {
    long end = System.nanoTime() + LIMIT_NANOS;
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("waited in vain for " + awaited + "; " + state.get());
      }
      Asyncore.loop(0.01, true, map, 1);
    }
  }

  /** Runs a peer's part beside the loop, whatever else is running. */
  static void inAThread(Runnable part) {
    Thread thread = new Thread(part, "peer");
    thread.setDaemon(true);
    thread.start();
  }
}
