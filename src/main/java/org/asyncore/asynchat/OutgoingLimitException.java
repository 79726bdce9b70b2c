package org.asyncore.asynchat;

import org.asyncore.LimitException;

/**
 * A push would have queued more than {@link AsyncChat#maxOutgoing()} allows; {@code handleError}
 * gets it, and nothing of the push is queued.
 */
public final class OutgoingLimitException extends LimitException {
  private static final long serialVersionUID = 1L;

  OutgoingLimitException(long byteCount, long limit) {
    super(byteCount, "bytes to queue, maxOutgoing", limit);
  }
}
