package org.asyncore.asynchat;

/**
 * A push would have queued more than {@link AsyncChat#maxOutgoing()} allows; {@code handleError}
 * gets it, and nothing of the push is queued.
 */
public class OutgoingLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long byteCount;
  private final long limit;

  OutgoingLimitException(long byteCount, long limit) {
    super(byteCount + " bytes to queue, maxOutgoing is " + limit);
    this.byteCount = byteCount;
    this.limit = limit;
  }

  /** How many bytes the queue would have held with this push. */
  public long byteCount() {
    return byteCount;
  }

  /** The limit that was in force, in bytes. */
  public long limit() {
    return limit;
  }
}
