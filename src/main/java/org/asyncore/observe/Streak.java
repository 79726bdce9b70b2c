package org.asyncore.observe;

/** Passes in a row in which a dispatcher was called for the same reason, and did nothing. */
final class Streak {
  private int passes;
  private long lastPass = -1;
  private long sinceNanos;
  private long waitedBefore;
  private boolean reported;

  /**
   * One more.
   *
   * @param waited how long the loop has waited in all its passes, in nanoseconds
   */
  void add(long pass, long now, long waited) {
    if (lastPass == pass) return; // Select and nested loops may call twice in a pass.
    if (lastPass != pass - 1) end();
    lastPass = pass;
    if (passes++ > 0) return;
    sinceNanos = now;
    waitedBefore = waited;
  }

  void end() {
    passes = 0;
  }

  /**
   * Whether it is long enough for a spin. A loop that waits for most of the time does not spin,
   * whatever it looks like.
   */
  boolean isLong(Limits limits, long now, long waited) {
    if (passes < limits.passes()) return false;
    long lasted = now - sinceNanos;
    return lasted >= limits.windowNanos() && (waited - waitedBefore) / 9 < lasted / 10;
  }

  /** Whether this is to be reported: the first time that it is asked. */
  boolean isNews() {
    boolean news = !reported;
    reported = true;
    return news;
  }

  int passes() {
    return passes;
  }

  long lastedNanos(long now) {
    return now - sinceNanos;
  }

  /** How long a streak has to be. */
  record Limits(int passes, long windowNanos) {}
}
