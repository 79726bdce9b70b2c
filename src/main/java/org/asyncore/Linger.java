package org.asyncore;

import java.util.function.LongSupplier;
import org.asyncore.internal.LingerLimit;

/**
 * Lets closed channels send what their {@code send} had taken, when nobody is going to loop any
 * more.
 */
final class Linger {
  private static final double NANOS_PER_SECOND = 1e9;

  private Linger() {}

  /** Waits for the closed channels of a map; logs, and cuts off, what the limit leaves. */
  static void drain(SocketMap map) throws InterruptedException {
    if (map.hasTransport()) drain(map, limit());
  }

  /** How much longer to wait, from now on, in nanoseconds. */
  static LongSupplier limit() {
    long waitNanos = Asyncore.waitNanos(LingerLimit.seconds());
    long start = System.nanoTime();
    return () -> Math.max(0, waitNanos - (System.nanoTime() - start));
  }

  /** As {@link #drain(SocketMap)}, with a limit of one's own, which may change meanwhile. */
  static void drain(SocketMap map, LongSupplier leftNanos) throws InterruptedException {
    if (!map.hasTransport()) return;
    long mostNanos = leftNanos.getAsLong();
    if (map.loop().drain(leftNanos)) return;
    System.getLogger("org.asyncore")
        .log(
            System.Logger.Level.WARNING,
            "channels that are closed or out of a loop have bytes that their peers did not take"
                + " within {0} s; those that are closed are reset",
            mostNanos / NANOS_PER_SECOND);
    map.loop().cutOff();
  }

  /** As {@link #drain}, while {@code thrown} is on its way out. */
  static void drainAfter(Throwable thrown, SocketMap map) {
    try {
      drain(map);
    } catch (InterruptedException interrupted) {
      thrown.addSuppressed(interrupted);
      Thread.currentThread().interrupt();
    }
  }
}
