package org.asyncore;

/**
 * A send would have left more in a {@link DispatcherWithSend} than {@link
 * DispatcherWithSend#maxOutBuffer()} allows; {@code handleError} gets it, and nothing of the bytes
 * is taken.
 */
public class OutBufferLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long byteCount;
  private final long limit;

  OutBufferLimitException(long byteCount, long limit) {
    super(byteCount + " bytes to buffer, maxOutBuffer is " + limit);
    this.byteCount = byteCount;
    this.limit = limit;
  }

  /** How many bytes the buffer would have held with this send. */
  public long byteCount() {
    return byteCount;
  }

  /** The limit that was in force, in bytes. */
  public long limit() {
    return limit;
  }
}
