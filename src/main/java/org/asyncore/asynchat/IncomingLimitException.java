package org.asyncore.asynchat;

/**
 * A message is longer than {@link AsyncChat#maxIncoming()} allows; {@code handleError} gets it,
 * once for each such message. The bytes that broke the limit are dropped.
 */
public class IncomingLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long byteCount;
  private final long limit;

  IncomingLimitException(long byteCount, long limit) {
    super(byteCount + " bytes since the last terminator, maxIncoming is " + limit);
    this.byteCount = byteCount;
    this.limit = limit;
  }

  /** How long the message is, as far as it has come. */
  public long byteCount() {
    return byteCount;
  }

  /** The limit that was in force, in bytes. */
  public long limit() {
    return limit;
  }
}
