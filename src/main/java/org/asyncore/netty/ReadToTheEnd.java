package org.asyncore.netty;

import io.netty.channel.Channel;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Has an epoll channel that is not read at the moment take all that is left of its stream when the
 * peer ends it: at most what the system's receive buffer holds.
 *
 * <p>Netty 4.2.18 watches for that end also while a channel is not read, reads once, and watches
 * for nothing from then on. EpollIoHandler takes such a descriptor out of its epoll, and forgets
 * that it did: the next read fails with ENOENT and closes the channel, with bytes unread. The
 * channels of a map's loop have {@link GatedIoHandler} against that; those of other people's loops
 * this.
 *
 * <p>Confined to the channel's event loop.
 */
@SuppressWarnings("deprecation") // Netty's channels cast to ExtendedHandle.
final class ReadToTheEnd implements RecvByteBufAllocator {
  private final AbstractEpollStreamChannel channel;
  private final RecvByteBufAllocator before;

  private ReadToTheEnd(AbstractEpollStreamChannel channel, RecvByteBufAllocator before) {
    this.channel = channel;
    this.before = before;
  }

  /** For a channel that has not read yet; one that is not epoll's needs nothing. */
  static void installIn(Channel channel) {
    if (!(channel instanceof AbstractEpollStreamChannel epoll)) return;
    RecvByteBufAllocator before = channel.config().getRecvByteBufAllocator();
    channel.config().setRecvByteBufAllocator(new ReadToTheEnd(epoll, before));
  }

  @Override
  public RecvByteBufAllocator.Handle newHandle() {
    return new ToTheEnd(channel, before.newHandle());
  }

  private static final class ToTheEnd extends DelegatingHandle implements ExtendedHandle {
    private final AbstractEpollStreamChannel channel;
    private final RecvByteBufAllocator.Handle real;

    ToTheEnd(AbstractEpollStreamChannel channel, RecvByteBufAllocator.Handle real) {
      super(real);
      this.channel = channel;
      this.real = real;
    }

    @Override
    public boolean continueReading() {
      return isPaused() ? isEnding() : real.continueReading();
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      if (isPaused()) return isEnding();
      return real instanceof ExtendedHandle extended
          ? extended.continueReading(maybeMore)
          : real.continueReading();
    }

    private boolean isPaused() {
      return !channel.config().isAutoRead();
    }

    private boolean isEnding() {
      return lastBytesRead() > 0
          && channel.isOpen()
          && Glance.at(channel.fd(), EpollIoOps.EPOLLRDHUP.value()) != 0;
    }
  }
}
