package org.asyncore.internal;

/** How long closed connections may take to send what their {@code send} had taken. */
public final class LingerLimit {
  public static final double DEFAULT_SECONDS = 30.0;
  private static final String PROPERTY = "org.asyncore.linger";

  private LingerLimit() {}

  /** What the system property says now. */
  public static double seconds() {
    String limit = System.getProperty(PROPERTY);
    if (limit == null) return DEFAULT_SECONDS;
    try {
      return Double.parseDouble(limit);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(PROPERTY + " is not a number of seconds: " + limit, e);
    }
  }
}
