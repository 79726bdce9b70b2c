package org.asyncore.transport;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketOption;
import org.jspecify.annotations.Nullable;

/**
 * What a datagram socket joins or leaves a multicast group with: Python's packed {@code ip_mreq}.
 *
 * <pre>{@code
 * socket.setsockopt(Membership.ADD, new Membership(group, null, null));
 * }</pre>
 *
 * @param group the group's address
 * @param on the interface; null for one that can multicast, chosen by the socket
 * @param source the only sender to hear; null for all
 */
public record Membership(
    InetAddress group, @Nullable NetworkInterface on, @Nullable InetAddress source) {
  /** {@code IP_ADD_MEMBERSHIP}, {@code IPV6_JOIN_GROUP} and their kin with a source; set only. */
  public static final SocketOption<Membership> ADD = new Option("IP_ADD_MEMBERSHIP");

  /** {@code IP_DROP_MEMBERSHIP}, {@code IPV6_LEAVE_GROUP} and their kin; set only. */
  public static final SocketOption<Membership> DROP = new Option("IP_DROP_MEMBERSHIP");

  private record Option(String name) implements SocketOption<Membership> {
    @Override
    public Class<Membership> type() {
      return Membership.class;
    }
  }
}
