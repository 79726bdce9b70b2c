package org.asyncore;

/**
 * Something would have grown over a limit that was set for it; {@code handleError} gets it. What
 * broke the limit is not taken, and what was there before stays.
 */
public abstract class LimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long byteCount;
  private final long limit;

  /**
   * For those who keep a limit.
   *
   * @param what what is counted, as in {@code "bytes to buffer, maxOutBuffer"}
   */
  protected LimitException(long byteCount, String what, long limit) {
    super(byteCount + " " + what + " is " + limit);
    this.byteCount = byteCount;
    this.limit = limit;
  }

  /** How many bytes there would have been. */
  public long byteCount() {
    return byteCount;
  }

  /** The limit that was in force, in bytes. */
  public long limit() {
    return limit;
  }
}
