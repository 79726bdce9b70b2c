package org.asyncore.transport;

import org.jspecify.annotations.Nullable;

/**
 * An error of the operating system with its name: Python's {@code OSError}.
 *
 * <p>Unchecked, so that callbacks read as they do in Python. {@link #getCause()} is what Netty or
 * the JDK threw, where one of them did.
 */
public class OsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Errno errno;

  /** An error with the system's own text as its message. */
  public OsException(Errno errno) {
    this(errno, errno.text());
  }

  /** An error with a message of its own. */
  public OsException(Errno errno, String message) {
    this(errno, message, null);
  }

  /** An error that Netty or the JDK reported as {@code cause}. */
  public OsException(Errno errno, String message, @Nullable Throwable cause) {
    super("[Errno " + errno.number() + "] " + errno + ": " + message, cause);
    this.errno = errno;
  }

  /** Which error it is. */
  public Errno errno() {
    return errno;
  }
}
