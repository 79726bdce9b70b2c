package org.asyncore.netty.kernel;

import io.netty.channel.Channel;

/**
 * What a platform must answer for channels on event loops of others, which have no {@link
 * org.asyncore.netty.loop.Gate}. Stateless; for the channel's event loop.
 */
public interface ForeignLoops {
  /** The kernel that can send on a stream past its channel; null for channels of other kinds. */
  Kernel past(Channel channel);

  /**
   * Whether such a loop hands writes to the system only when it runs on, and is told later what
   * became of them, as one on io_uring. By its name: its classes need not be there.
   */
  default boolean completesLater(Channel channel) {
    return channel.unsafe().getClass().getName().startsWith("io.netty.channel.uring.");
  }

  /** Whether such a loop watches for a peer's end while the channel is not read, and once only. */
  boolean forgetsEnded(Channel channel);

  /** Whether the peer has ended its stream, though there may be bytes to read before that. */
  boolean peerHasEnded(Channel channel);

  /**
   * Has a channel keep its registration after its input's end, where its loop would forget it.
   *
   * @param then runs when that is so, or the channel is closed
   * @return whether that is yet to come
   */
  boolean keepsRegistration(Channel channel, Runnable then);
}
