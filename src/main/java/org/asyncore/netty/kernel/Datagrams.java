package org.asyncore.netty.kernel;

import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;

/**
 * The part of a {@link Kernel} that knows datagram channels. Stateless; errors of the system are
 * {@link org.asyncore.transport.OsException}s.
 */
public interface Datagrams {
  /** A datagram channel, neither bound nor connected. */
  Channel newChannel(Family family);

  /**
   * {@code connect_ex}, past the channel: names the only peer, once or again. The channel stays
   * open if it fails.
   */
  Errno connectNow(Channel channel, SocketAddress address);

  /** Tells the channel of its peer; for the holder of the turn. */
  void tellOfConnect(Channel channel, SocketAddress address);

  /** Whether something may have come; false spares a look that would give the socket an address. */
  boolean canReceive(Channel channel);

  /**
   * Sends a datagram past the channel: one of no bytes, which Netty takes for nothing to do, or one
   * of a thread without the turn.
   *
   * @param address null for the connected peer
   * @throws org.asyncore.transport.WouldBlockException if there is no room
   */
  void sendNow(Channel channel, ByteBuffer data, SocketAddress address);

  /** {@code shutdown} of a connected channel. */
  void shutdown(Channel channel, boolean input, boolean output);

  <T> T getOption(Channel channel, SocketOption<T> option);

  <T> void setOption(Channel channel, SocketOption<T> option, T value);
}
