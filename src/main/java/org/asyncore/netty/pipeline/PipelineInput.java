package org.asyncore.netty.pipeline;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import java.nio.ByteBuffer;
import org.asyncore.netty.kernel.Memory;
import org.asyncore.netty.kernel.ReceiveBuffer;
import org.asyncore.netty.loop.LoopBuffers;
import org.asyncore.netty.pipeline.AutoRead.Reason;
import org.asyncore.netty.socket.RecvAllocator;
import org.asyncore.transport.OsException;
import org.asyncore.transport.WouldBlockException;

/**
 * What came out at the end of a pipeline and was not asked for yet: bytes, then perhaps an error,
 * then perhaps the end of the stream.
 *
 * <p>Bounded: the channel is not read while {@link #FULL} bytes wait or nobody wants them. Confined
 * to the channel's event loop.
 */
final class PipelineInput extends ReceiveBuffer implements RecvAllocator.Taker {
  /** How much may wait before the channel is read no more, in bytes. */
  static final int FULL = 65536;

  private final ChannelHandlerContext context;
  private final Channel channel;
  private final AutoRead autoRead;
  private final PipelineDriver driver;
  private final PipelineOutput out;
  private RuntimeException failure;
  private boolean ended;

  /** The channel is somebody else's, and ends as Netty's do. */
  private boolean handedOn;

  /** Whether buffers themselves have been asked for, whose new owner may keep and enlarge them. */
  private boolean givesAway;

  /** So much waits that no more is read until half of it is gone. */
  private boolean full;

  private int receives;

  /**
   * @param out whose failure is told here, too, where nobody sends
   */
  PipelineInput(
      ChannelHandlerContext context, PipelineDriver driver, AutoRead autoRead, PipelineOutput out) {
    this.context = context;
    this.driver = driver;
    this.out = out;
    channel = context.channel();
    this.autoRead = autoRead;
  }

  // --- what the pipeline reports ---

  /** What the next recv throws, once the bytes before it are taken; the first one counts. */
  void failed(RuntimeException cause) {
    if (failure == null) failure = cause;
  }

  /** The error that nobody was told of, told now; null for none. */
  RuntimeException takeFailure() {
    RuntimeException taken = failure;
    failure = null;
    return taken;
  }

  void end() {
    ended = true;
  }

  /** Not the end after all. */
  void reopen() {
    ended = false;
  }

  void handOn() {
    handedOn = true;
  }

  @Override
  public boolean mayEndHalf() {
    return !handedOn;
  }

  boolean hasEnded() {
    return ended;
  }

  // --- what there is ---

  /** Whether recv has bytes, the end or an error to tell. */
  boolean canReceive() {
    return byteCount() > 0 || ended || failure != null || out.hasNews();
  }

  boolean hasBytes() {
    return byteCount() > 0;
  }

  /** Whether so much waits that no more is to be read. */
  @Override
  public boolean isFull() {
    return weight() >= FULL;
  }

  /** How often something was received: whether a callback got anywhere. */
  int receives() {
    return receives;
  }

  byte[] receive(int byteCount) {
    return fill() ? take(byteCount) : new byte[0];
  }

  int receive(ByteBuffer target) {
    return fill() ? take(target) : 0;
  }

  /** All the bytes of the oldest buffer, the caller's own; null at the end of the stream. */
  ByteBuf receive() {
    if (!givesAway) returnLent();
    givesAway = true;
    return fill() ? next() : null;
  }

  /** Makes sure that there are bytes to take; false is the end of the stream. */
  private boolean fill() {
    if (byteCount() > 0) {
      receives++;
      return true;
    }
    if (failure != null) {
      receives++;
      throw takeFailure();
    }
    RuntimeException unsent = out.takeFailure();
    if (unsent != null) {
      receives++;
      throw unsent;
    }
    if (ended) return false;
    if (autoRead.isPaused() && !hasReadAll()) {
      context
          .read(); // Somebody asks though nobody wanted to: past the place where that is refused.
    }
    throw WouldBlockException.INSTANCE;
  }

  /**
   * A lender of buffers if what the channel reads now comes here at once, and is soon copied to
   * where its receiver wants it.
   */
  @Override
  public LoopBuffers lender() {
    return !givesAway && out.isBare() ? driver.buffers() : null;
  }

  /** What was not asked for must not keep a buffer into which others are to be read: copies it. */
  void returnLent() {
    LoopBuffers lender = driver.buffers();
    if (lender == null || !lender.isLending()) return;
    for (int left = pieces(); left > 0; left--) {
      ByteBuf piece = next();
      add(lender.isLent(piece) ? copied(piece) : piece); // Once around: the order stays.
    }
  }

  private ByteBuf copied(ByteBuf lent) {
    ByteBuf copy;
    try {
      copy = Memory.direct(channel.alloc(), lent.readableBytes());
    } catch (OsException none) {
      return lent.readSlice(lent.readableBytes()); // Behind it others are read meanwhile.
    }
    copy.writeBytes(lent);
    lent.release();
    return copy;
  }

  // --- reading the channel ---

  /** There is nothing to read for, and epoll channels watch for nothing any more. */
  boolean hasReadAll() {
    return channel.isActive()
        && channel instanceof DuplexChannel duplex
        && duplex.isInputShutdown();
  }

  /** Has the channel read, or stop to, where that has changed. */
  void updateReading(boolean wanted) {
    if (hasReadAll()) return;
    full = weight() >= (full ? FULL / 2 : FULL);
    autoRead.pause(Reason.FULL, full);
    autoRead.pause(Reason.UNWANTED, !wanted);
  }

  /** Stops the reading, by whomever, before twice as much waits as may. */
  void boundReading() {
    if (weight() < 2 * FULL) return;
    boolean wasPaused = autoRead.isPaused();
    full = true;
    autoRead.pause(Reason.FULL, true);
    if (wasPaused) autoRead.breached();
  }
}
