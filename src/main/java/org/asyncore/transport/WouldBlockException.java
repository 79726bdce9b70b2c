package org.asyncore.transport;

/**
 * Nothing is there now: Python's {@code BlockingIOError}, an {@link OsException} with {@link
 * Errno#EAGAIN}.
 *
 * <p>Programs that read until it comes throw it once a message, so it carries no stack trace and
 * all are one object.
 */
public final class WouldBlockException extends OsException {
  private static final long serialVersionUID = 1L;

  /** The only one. */
  @SuppressWarnings("StaticAssignmentOfThrowable") // It has no stack trace to be wrong.
  public static final WouldBlockException INSTANCE = new WouldBlockException();

  private WouldBlockException() {
    super(Errno.EAGAIN);
  }

  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
