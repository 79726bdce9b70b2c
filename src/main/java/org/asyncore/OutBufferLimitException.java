package org.asyncore;

/**
 * A send would have left more in a {@link DispatcherWithSend} than {@link
 * DispatcherWithSend#maxOutBuffer()} allows; {@code handleError} gets it, and nothing of the bytes
 * is taken.
 */
public final class OutBufferLimitException extends LimitException {
  private static final long serialVersionUID = 1L;

  OutBufferLimitException(long byteCount, long limit) {
    super(byteCount, "bytes to buffer, maxOutBuffer", limit);
  }
}
