package org.asyncore.netty.nio;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;

/**
 * Has a socket of the JDK's listen. Channels that listen are of another class there, so another one
 * takes the address over, and with it the options that both kinds have; it does so before the first
 * gives the address up. A call that is refused changes nothing.
 */
final class NioListening {
  private NioListening() {}

  /** The listening channel. The caller parts with the bound one. */
  static Channel listen(SocketChannel bound, Family family, boolean isBound, int backlog) {
    // The JDK takes 0 for 50, and the system admits one more than it is told.
    int atLeastOne = Math.max(backlog, 1);
    try {
      return family == Family.UNIX
          ? listenUnix(bound, isBound, atLeastOne)
          : listenInet(bound, family, isBound, atLeastOne);
    } catch (IOException | ChannelException refused) {
      throw ErrnoMapping.osException(refused);
    }
  }

  private static Channel listenInet(
      SocketChannel bound, Family family, boolean isBound, int backlog) throws IOException {
    SocketAddress local = isBound ? bound.getLocalAddress() : null;
    ServerSocketChannel listening = ServerSocketChannel.open(familyOf(family));
    boolean reuseAddress = bound.getOption(StandardSocketOptions.SO_REUSEADDR);
    try {
      NioOptions.carryOver(bound, listening);
      // Two sockets may be bound to it while neither listens.
      bound.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      listening.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      listening.bind(local, backlog);
      listening.setOption(StandardSocketOptions.SO_REUSEADDR, reuseAddress);
      return new NioServerSocketChannel(listening);
    } catch (IOException | RuntimeException refused) {
      listening.close();
      bound.setOption(StandardSocketOptions.SO_REUSEADDR, reuseAddress);
      throw refused;
    }
  }

  private static StandardProtocolFamily familyOf(Family family) {
    return family == Family.INET6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
  }

  private static Channel listenUnix(SocketChannel bound, boolean isBound, int backlog)
      throws IOException {
    if (!isBound) throw new OsException(Errno.EINVAL); // The JDK would make up a path.
    UnixDomainSocketAddress local = (UnixDomainSocketAddress) bound.getLocalAddress();
    ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      NioOptions.carryOver(bound, listening);
      SocketFile.listen(listening, local.getPath(), backlog);
      return new NioServerDomainSocketChannel(new UnixListener(listening, local));
    } catch (IOException | RuntimeException refused) {
      listening.close();
      throw refused;
    }
  }
}
