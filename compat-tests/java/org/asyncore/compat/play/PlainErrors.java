package org.asyncore.compat.play;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;

/** What went wrong with the socket of a peer. */
final class PlainErrors {
  private PlainErrors() {}

  /** Whether the connection is there no more: a reset, or nobody to send to. */
  static boolean isBroken(IOException thrown) {
    Errno errno = errno(thrown);
    return errno == Errno.ECONNRESET || errno == Errno.EPIPE;
  }

  /** What the system said, by the text that the JDK gives of it. */
  static Errno errno(Exception thrown) {
    if (thrown instanceof ClosedChannelException) return Errno.EBADF;
    if (thrown instanceof NotYetConnectedException) return Errno.ENOTCONN;
    String message = String.valueOf(thrown.getMessage());
    if (message.startsWith("Connection reset")) return Errno.ECONNRESET;
    for (Errno errno : Errno.values()) {
      if (message.startsWith(errno.text())) return errno;
    }
    return Errno.UNKNOWN;
  }

  /** The exception as Python would have thrown it. */
  static OsException osException(IOException thrown) {
    return new OsException(errno(thrown), String.valueOf(thrown.getMessage()), thrown);
  }
}
