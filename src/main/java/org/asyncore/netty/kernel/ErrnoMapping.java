package org.asyncore.netty.kernel;

import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.handler.timeout.TimeoutException;
import java.io.FileNotFoundException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.UnknownHostException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;

/** Finds the errno behind what Netty and the JDK throw for it. */
public final class ErrnoMapping {
  private static final Pattern NETTY_CONNECT = Pattern.compile("failed with error\\(-(\\d+)\\)");
  private static final Pattern NETTY_OPTION =
      Pattern.compile("^(?:[gs]etsockopt|getsockname)\\([.]*\\) failed: ");

  private ErrnoMapping() {}

  /** The exception that asyncore would see. */
  public static OsException osException(Throwable cause) {
    if (cause instanceof OsException known) return known;
    Errno errno = errno(cause);
    return new OsException(errno, errno == Errno.UNKNOWN ? text(cause) : errno.text(), cause);
  }

  private static String text(Throwable cause) {
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  /** The errno that {@code cause}, or what caused it, stands for. */
  public static Errno errno(Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      Errno errno = own(each);
      if (errno != Errno.UNKNOWN) return errno;
    }
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof ClosedChannelException) return Errno.EBADF; // Only if nobody knows more.
    }
    return Errno.UNKNOWN;
  }

  private static Errno own(Throwable cause) {
    if (cause instanceof OsException known) return known.errno();
    if (cause instanceof NativeIoException error) return Errno.of(-error.expectedErr());
    if (cause instanceof OutOfMemoryError) return Errno.ENOMEM;
    if (cause instanceof NotYetConnectedException) return Errno.ENOTCONN;
    if (cause instanceof AlreadyConnectedException) return Errno.EISCONN;
    if (cause instanceof ConnectionPendingException) return Errno.EALREADY;
    if (cause instanceof AlreadyBoundException) return Errno.EINVAL;
    if (cause instanceof UnresolvedAddressException) return Errno.EAI_NONAME;
    if (cause instanceof UnknownHostException) return Errno.EAI_NONAME;
    if (cause instanceof UnsupportedAddressTypeException) return Errno.EAFNOSUPPORT;
    if (cause instanceof PortUnreachableException) return Errno.ECONNREFUSED;
    if (cause instanceof ConnectTimeoutException) return Errno.ETIMEDOUT;
    if (cause instanceof TimeoutException) return Errno.ETIMEDOUT; // Of a handler in front.
    if (cause instanceof FileNotFoundException) return Errno.ENOENT; // Netty's word for it.
    String message = cause.getMessage();
    if (message == null) {
      // Netty throws the same for both; an unreachable network is what connect() itself reports.
      return cause instanceof NoRouteToHostException ? Errno.ENETUNREACH : Errno.UNKNOWN;
    }
    return fromMessage(message);
  }

  /** The JDK and Netty's connect carry the errno in words only. */
  private static Errno fromMessage(String message) {
    Matcher connect = NETTY_CONNECT.matcher(message);
    if (connect.find()) return Errno.of(Integer.parseInt(connect.group(1)));
    if (message.startsWith("Connection reset")) return Errno.ECONNRESET;
    String failure = NETTY_OPTION.matcher(message).replaceFirst("");
    for (Errno errno : Errno.values()) {
      if (errno != Errno.UNKNOWN && errno != Errno.OK && failure.startsWith(errno.text())) {
        return errno;
      }
    }
    return Errno.UNKNOWN;
  }
}
