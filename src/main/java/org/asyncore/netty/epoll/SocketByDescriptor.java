package org.asyncore.netty.epoll;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.netty.kernel.Kernel.OpenSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;

/**
 * Finds out what a descriptor is that somebody else has opened, and puts a channel over it. One
 * that is refused stays as it was.
 */
final class SocketByDescriptor {
  // Linux's, which are the same on all machines that Netty has natives for.
  private static final int SOL_SOCKET = 1;
  private static final int SO_TYPE = 3;
  private static final int SO_ACCEPTCONN = 30;
  private static final int SO_DOMAIN = 39;
  private static final int SOCK_STREAM = 1;
  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  private SocketByDescriptor() {}

  static OpenSocket open(int descriptor) {
    try {
      Socket socket = new Socket(descriptor);
      Family family = family(socket);
      boolean isListening = socket.getIntOpt(SOL_SOCKET, SO_ACCEPTCONN) != 0;
      if (!isListening && !isConnected(socket, family)) throw new OsException(Errno.ENOTCONN);
      boolean reuseAddress = family != Family.UNIX && socket.isReuseAddress();
      Duplicates.of(descriptor).close(); // Which has made the open socket non-blocking.
      Errno error = Errno.of(socket.getSoError());
      return new OpenSocket(
          isListening ? listening(family, descriptor, reuseAddress) : connected(family, descriptor),
          family,
          isListening,
          error);
    } catch (IOException | ChannelException refused) {
      throw ErrnoMapping.osException(refused);
    }
  }

  private static Family family(Socket socket) throws IOException {
    if (socket.getIntOpt(SOL_SOCKET, SO_TYPE) != SOCK_STREAM) {
      throw new OsException(Errno.EPROTOTYPE, "descriptor " + socket.intValue() + " is no stream");
    }
    int domain = socket.getIntOpt(SOL_SOCKET, SO_DOMAIN);
    return switch (domain) {
      case AF_UNIX -> Family.UNIX;
      case AF_INET -> Family.INET;
      case AF_INET6 -> Family.INET6;
      default -> throw new OsException(Errno.EAFNOSUPPORT, "no sockets here of family " + domain);
    };
  }

  private static boolean isConnected(Socket socket, Family family) {
    return family == Family.UNIX
        ? socket.remoteDomainSocketAddress() != null
        : socket.remoteAddress() != null;
  }

  private static Channel connected(Family family, int descriptor) {
    return family == Family.UNIX
        ? new EpollDomainSocketChannel(descriptor)
        : new EpollSocketChannel(descriptor);
  }

  private static Channel listening(Family family, int descriptor, boolean reuseAddress) {
    if (family == Family.UNIX) return new EpollServerDomainSocketChannel(descriptor);
    EpollServerSocketChannel listening = new EpollServerSocketChannel(descriptor);
    listening.config().setReuseAddress(reuseAddress); // Netty's default is another one.
    return listening;
  }
}
