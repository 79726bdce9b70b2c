package org.asyncore.compat.play;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;

/** The JDK's sockets, as peers use them. */
final class PlainSockets {
  private PlainSockets() {}

  /** A stream socket, neither bound nor connected; without Nagle's algorithm. */
  static SocketChannel stream(Family family) throws IOException {
    return noDelay(SocketChannel.open(protocol(family)), family);
  }

  /** A listening socket before its bind. */
  static ServerSocketChannel listening(Family family) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(protocol(family));
    if (family != Family.UNIX) channel.setOption(StandardSocketOptions.SO_REUSEADDR, false);
    channel.configureBlocking(false);
    return channel;
  }

  static DatagramChannel datagram(Family family) throws IOException {
    DatagramChannel channel = DatagramChannel.open(protocol(family));
    channel.configureBlocking(false);
    return channel;
  }

  static SocketChannel noDelay(SocketChannel channel, Family family) throws IOException {
    if (family != Family.UNIX) channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return channel;
  }

  private static ProtocolFamily protocol(Family family) {
    return switch (family) {
      case INET -> StandardProtocolFamily.INET;
      case INET6 -> StandardProtocolFamily.INET6;
      case UNIX -> StandardProtocolFamily.UNIX;
    };
  }

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
