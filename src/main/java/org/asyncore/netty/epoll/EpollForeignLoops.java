package org.asyncore.netty.epoll;

import io.netty.channel.Channel;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.epoll.EpollIoOps;
import org.asyncore.netty.kernel.ForeignLoops;
import org.asyncore.netty.kernel.Kernel;

/**
 * What Netty's epoll needs of us. Netty 4.2.18 watches for the end of a peer's stream also while a
 * channel is not read, reads once, and watches for nothing from then on. {@code EpollIoHandler}
 * takes such a descriptor out of its epoll, and forgets that it did: the next change fails with
 * ENOENT and closes the channel, with bytes unread or unsent.
 */
public final class EpollForeignLoops implements ForeignLoops {
  private final Kernel epoll = new EpollKernel();
  private final Kernel other;

  /**
   * @param other the kernel of channels that are not epoll's
   */
  public EpollForeignLoops(Kernel other) {
    this.other = other;
  }

  @Override
  public Kernel past(Channel channel) {
    if (epoll.isStream(channel)) return epoll;
    return other.isStream(channel) ? other : null;
  }

  @Override
  public boolean forgetsEnded(Channel channel) {
    return channel instanceof AbstractEpollStreamChannel;
  }

  @Override
  public boolean peerHasEnded(Channel channel) {
    return channel instanceof AbstractEpollStreamChannel epoll
        && DescriptorPoll.at(epoll.fd(), EpollIoOps.EPOLLRDHUP.value()) != 0;
  }

  @Override
  public boolean keepsRegistration(Channel channel, Runnable then) {
    return SteadyEventLoop.steadies(channel, then);
  }
}
