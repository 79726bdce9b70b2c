package org.asyncore.asynchat;

import org.asyncore.LimitException;

/**
 * A message is longer than {@link AsyncChat#maxIncoming()} allows; {@code handleError} gets it,
 * once for each such message. The bytes that broke the limit are dropped.
 */
public final class IncomingLimitException extends LimitException {
  private static final long serialVersionUID = 1L;

  IncomingLimitException(long byteCount, long limit) {
    super(byteCount, "bytes since the last terminator, maxIncoming", limit);
  }
}
