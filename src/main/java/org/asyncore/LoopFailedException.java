package org.asyncore;

/** A {@link LoopThread} has ended because of an exception, which is the cause. */
public final class LoopFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LoopFailedException(String threadName, Throwable cause) {
    super(threadName + " ended by " + cause, cause);
  }
}
