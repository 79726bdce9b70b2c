package org.asyncore.netty.datagram;

import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DatagramChannel;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketOption;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Membership;
import org.asyncore.transport.OsException;

/** Joins and leaves multicast groups. Confined to the holder of the turn. */
final class Multicast {
  private Multicast() {}

  static boolean is(SocketOption<?> option) {
    return option.equals(Membership.ADD) || option.equals(Membership.DROP);
  }

  static void set(DatagramChannel channel, SocketOption<?> option, Membership membership) {
    InetAddress group = membership.group();
    if (!group.isMulticastAddress()) throw new OsException(Errno.EINVAL);
    try {
      NetworkInterface on = membership.on() == null ? choose(group) : membership.on();
      ChannelFuture done =
          option.equals(Membership.ADD)
              ? channel.joinGroup(group, on, membership.source())
              : channel.leaveGroup(group, on, membership.source());
      if (!done.isSuccess()) throw ErrnoMapping.osException(done.cause());
    } catch (IOException failed) {
      throw ErrnoMapping.osException(failed);
    }
  }

  /** As the system does without routes: an interface that is up, another one than loopback. */
  private static NetworkInterface choose(InetAddress group) throws IOException {
    NetworkInterface loopback = null;
    for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
      if (!each.isUp() || !hasAddressLike(group, each)) continue;
      if (each.isLoopback()) loopback = each;
      else if (each.supportsMulticast()) return each;
    }
    if (loopback == null) throw new OsException(Errno.ENODEV);
    return loopback;
  }

  private static boolean hasAddressLike(InetAddress group, NetworkInterface each) {
    boolean isInet6 = group instanceof Inet6Address;
    return each.inetAddresses().anyMatch(address -> address instanceof Inet6Address == isInet6);
  }
}
