package org.asyncore.netty;

import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.net.SocketOption;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;

/**
 * The part of a {@link Kernel} that knows datagram channels. Stateless; errors of the system are
 * {@link org.asyncore.transport.OsException}s.
 */
interface Datagrams {
  /** A datagram channel, neither bound nor connected. */
  Channel newChannel(Family family);

  /** {@code connect_ex}: names the only peer, once or again. The channel stays open if it fails. */
  Errno connect(Channel channel, SocketAddress address);

  /** Whether something may have come; false spares a look that would give the socket an address. */
  boolean canReceive(Channel channel);

  /**
   * Sends a datagram of no bytes, which Netty takes for nothing to do.
   *
   * @param address null for the connected peer
   */
  void sendEmpty(Channel channel, SocketAddress address);

  /** {@code shutdown} of a connected channel. */
  void shutdown(Channel channel, boolean input, boolean output);

  <T> T getOption(Channel channel, SocketOption<T> option);

  <T> void setOption(Channel channel, SocketOption<T> option, T value);
}
