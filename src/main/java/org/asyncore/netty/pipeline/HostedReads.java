package org.asyncore.netty.pipeline;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.IoHandle;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.nio.NioIoHandle;
import io.netty.util.UncheckedBooleanSupplier;
import org.asyncore.netty.kernel.ForeignLoops;
import org.asyncore.netty.loop.LoopBuffers;
import org.asyncore.netty.socket.RecvAllocator;

/**
 * How the channel of a hosted dispatcher is read: as much as its own settings say, but
 *
 * <ul>
 *   <li>into a buffer that its event loop uses again and again, where that is {@linkplain
 *       PipelineInput#lender copied out} in the dispatch that follows, after other channels have
 *       been read: to borrow one costs less than to have one allocated;
 *   <li>to the end of the peer's stream, and not to that of the channel: {@link
 *       RecvAllocator.InputEnd};
 *   <li>when the peer ends its stream while the channel is not read, and its event loop {@linkplain
 *       ForeignLoops#forgetsEnded would forget it} then, all that is left of it: at most what the
 *       system's receive buffer holds.
 * </ul>
 *
 * <p>Confined to the channel's event loop.
 */
@SuppressWarnings("deprecation") // Netty's channels cast to ExtendedHandle.
final class HostedReads implements MaxMessagesRecvByteBufAllocator {
  private final Channel channel;
  private final RecvAllocator.Taker taker;
  private final ForeignLoops loops;
  private final RecvByteBufAllocator before;

  private HostedReads(
      Channel channel, RecvAllocator.Taker taker, ForeignLoops loops, RecvByteBufAllocator before) {
    this.channel = channel;
    this.taker = taker;
    this.loops = loops;
    this.before = before;
  }

  /** For a channel that has not read yet. */
  static void installIn(Channel channel, RecvAllocator.Taker taker, ForeignLoops loops) {
    RecvByteBufAllocator before = channel.config().getRecvByteBufAllocator();
    channel.config().setRecvByteBufAllocator(new HostedReads(channel, taker, loops, before));
  }

  @Override
  public int maxMessagesPerRead() {
    return before instanceof MaxMessagesRecvByteBufAllocator counts
        ? counts.maxMessagesPerRead()
        : 1;
  }

  @Override
  public MaxMessagesRecvByteBufAllocator maxMessagesPerRead(int count) {
    if (before instanceof MaxMessagesRecvByteBufAllocator counts) counts.maxMessagesPerRead(count);
    return this;
  }

  @Override
  public RecvByteBufAllocator.Handle newHandle() {
    RecvByteBufAllocator.Handle real = before.newHandle();
    boolean adapts = before instanceof AdaptiveRecvByteBufAllocator;
    if (loops.forgetsEnded(channel)) return new ToTheEnd(channel, taker, real, adapts, loops);
    return readsAtOnce(channel)
        ? new Borrowing(channel, taker, real, adapts)
        : new Bounded(channel, taker, real);
  }

  /**
   * Whether a buffer is allocated when there is something to read, and not, as io_uring's, long
   * before.
   */
  private static boolean readsAtOnce(Channel channel) {
    return channel.unsafe() instanceof NioIoHandle || !(channel.unsafe() instanceof IoHandle);
  }

  private static class Bounded extends DelegatingHandle implements ExtendedHandle {
    final RecvAllocator.Taker taker;

    /** Null for a channel that knows how to end half. */
    private final RecvAllocator.InputEnd end;

    Bounded(Channel channel, RecvAllocator.Taker taker, RecvByteBufAllocator.Handle real) {
      super(real);
      this.taker = taker;
      end = RecvAllocator.InputEnd.of(channel, taker);
    }

    @Override
    public final void lastBytesRead(int bytes) {
      boolean isKept = bytes < 0 && end != null && end.getAsBoolean();
      super.lastBytesRead(isKept ? 0 : bytes);
    }

    /** What waits in memory is bounded, however much the channel would read at once. */
    @Override
    public boolean continueReading() {
      return !taker.isFull() && super.continueReading();
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      if (taker.isFull()) return false;
      return delegate() instanceof ExtendedHandle extended
          ? extended.continueReading(maybeMore)
          : super.continueReading();
    }
  }

  private static class Borrowing extends Bounded {
    /** Whether the size is Netty's guess, so as not to allocate too much: what is lent is there. */
    private final boolean adapts;

    Borrowing(
        Channel channel,
        RecvAllocator.Taker taker,
        RecvByteBufAllocator.Handle real,
        boolean adapts) {
      super(channel, taker, real);
      this.adapts = adapts;
    }

    @Override
    public final ByteBuf allocate(ByteBufAllocator allocator) {
      LoopBuffers lender = taker.lender();
      ByteBuf lent =
          lender == null ? null : lender.forReceiving(adapts ? LoopBuffers.SIZE : guess(), guess());
      return lent != null ? lent : super.allocate(allocator);
    }
  }

  private static final class ToTheEnd extends Borrowing {
    private final Channel channel;
    private final ForeignLoops loops;

    ToTheEnd(
        Channel channel,
        RecvAllocator.Taker taker,
        RecvByteBufAllocator.Handle real,
        boolean adapts,
        ForeignLoops loops) {
      super(channel, taker, real, adapts);
      this.channel = channel;
      this.loops = loops;
    }

    @Override
    public boolean continueReading() {
      return isPaused() ? isEnding() : super.continueReading();
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return isPaused() ? isEnding() : super.continueReading(maybeMore);
    }

    private boolean isPaused() {
      return !channel.config().isAutoRead();
    }

    private boolean isEnding() {
      return lastBytesRead() > 0 && channel.isOpen() && loops.peerHasEnded(channel);
    }
  }
}
