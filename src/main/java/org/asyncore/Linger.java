package org.asyncore;

/**
 * Lets closed channels send what their {@code send} had taken, when nobody is going to loop any
 * more.
 */
final class Linger {
  private static final String PROPERTY = "org.asyncore.linger";
  private static final double NANOS_PER_SECOND = 1e9;

  private Linger() {}

  /** Waits for the closed channels of a map; logs what the limit cuts off. */
  static void drain(SocketMap map) throws InterruptedException {
    if (map.hasTransport()) drain(map, Asyncore.waitNanos(limitSeconds()));
  }

  /** As {@link #drain(SocketMap)}, with a limit of one's own. */
  static void drain(SocketMap map, long waitNanos) throws InterruptedException {
    if (!map.hasTransport() || map.transport().drain(waitNanos)) return;
    System.getLogger("org.asyncore")
        .log(
            System.Logger.Level.WARNING,
            "channels that are closed or out of a loop have bytes that their peers did not take"
                + " within {0} s",
            waitNanos / NANOS_PER_SECOND);
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

  private static double limitSeconds() {
    String limit = System.getProperty(PROPERTY);
    if (limit == null) return Asyncore.DEFAULT_LINGER;
    try {
      return Double.parseDouble(limit);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(PROPERTY + " is not a number of seconds: " + limit, e);
    }
  }
}
