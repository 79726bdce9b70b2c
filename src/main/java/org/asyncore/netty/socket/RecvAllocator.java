package org.asyncore.netty.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.BooleanSupplier;
import org.asyncore.netty.loop.LoopBuffers;

/**
 * Has a channel read once for each event that it is given, and exactly as much as the dispatcher's
 * {@code recv} asked for: so the rest stays in the kernel, where asyncore leaves it.
 *
 * <p>One for each channel; its own handle. Confined to the holder of the turn.
 */
@SuppressWarnings("deprecation") // Netty's channels cast to ExtendedHandle.
public final class RecvAllocator
    implements MaxMessagesRecvByteBufAllocator, RecvByteBufAllocator.ExtendedHandle {
  private static final int SMALLEST = 1024;
  private static final int LARGEST = 65536;
  private static final int MOST_READS = 16;

  private final Polled socket;
  private int byteCount = 2048;

  private BooleanSupplier end;
  private boolean free;
  private Taker taker;
  private ChannelConfig config;
  private int reads;
  private int lastBytesRead;
  private int attemptedBytesRead;

  public RecvAllocator(Polled socket) {
    this.socket = socket;
  }

  /**
   * Has the end of the stream told here, and not to the channel, which would close itself.
   *
   * @param end says whether it keeps the end to itself
   */
  public void noteEnd(BooleanSupplier end) {
    this.end = end;
  }

  /** How much the next read takes at most. */
  public void byteCount(int byteCount) {
    this.byteCount = byteCount;
  }

  /** Who gets what is read freely. */
  public interface Taker {
    /** Lends what to read into; null if what is read may be kept for long. */
    LoopBuffers lender();

    /** Whether so much waits that no more is to be read. */
    boolean isFull();

    /** Whether the end of the peer's stream leaves the channel open. */
    boolean mayEndHalf();
  }

  /** From now on reads all there is, as native channels do: for one whose gate is open. */
  public void readFreely(Channel channel, Taker taker) {
    free = true;
    this.taker = taker;
    end = InputEnd.of(channel, taker);
    byteCount = Math.max(SMALLEST, Math.min(byteCount, LARGEST));
  }

  @Override
  public int maxMessagesPerRead() {
    return free ? MOST_READS : 1;
  }

  /** Not for others to say: asyncore does. */
  @Override
  public MaxMessagesRecvByteBufAllocator maxMessagesPerRead(int count) {
    return this;
  }

  @Override
  public ExtendedHandle newHandle() {
    return this;
  }

  @Override
  public ByteBuf allocate(ByteBufAllocator allocator) {
    LoopBuffers lender = free ? taker.lender() : socket.socketLoop().eventLoop().buffers();
    int capacity = free ? LoopBuffers.SIZE : byteCount; // A larger one costs no more.
    ByteBuf own = lender == null ? null : lender.forReceiving(capacity, byteCount);
    return own != null ? own : allocator.ioBuffer(byteCount, byteCount);
  }

  @Override
  public int guess() {
    return byteCount;
  }

  @Override
  public void reset(ChannelConfig config) {
    this.config = config;
    lastBytesRead = 0;
    reads = 0;
  }

  @Override
  public void incMessagesRead(int messageCount) {
    // There is one at most.
  }

  @Override
  public void lastBytesRead(int bytes) {
    boolean isKept = bytes < 0 && end != null && end.getAsBoolean();
    lastBytesRead = isKept ? 0 : bytes; // As if there were nothing now.
    reads++;
  }

  @Override
  public int lastBytesRead() {
    return lastBytesRead;
  }

  @Override
  public void attemptedBytesRead(int bytes) {
    attemptedBytesRead = bytes;
  }

  @Override
  public int attemptedBytesRead() {
    return attemptedBytesRead;
  }

  @Override
  public boolean continueReading() {
    return free
        && lastBytesRead > 0
        && lastBytesRead == attemptedBytesRead
        && reads < MOST_READS
        && !taker.isFull()
        && config.isAutoRead();
  }

  @Override
  public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
    return continueReading();
  }

  @Override
  public void readComplete() {
    if (!free) return;
    if (reads > 1) byteCount = Math.min(LARGEST, byteCount * 2);
    else if (lastBytesRead < byteCount / 4) byteCount = Math.max(SMALLEST, byteCount / 2);
  }

  /**
   * What a channel is to do at the end of its peer's stream, where Netty's knows of no
   * half-closure, and would close itself: the Unix domain channels of NIO and io_uring. It shuts
   * its input down and says so, as the others do.
   *
   * <p>Confined to the channel's event loop.
   */
  public static final class InputEnd implements BooleanSupplier {
    private final DuplexChannel channel;
    private final Taker taker;
    private boolean isDue;

    private InputEnd(DuplexChannel channel, Taker taker) {
      this.channel = channel;
      this.taker = taker;
    }

    /** Of such a channel; null for all that know how to end half. */
    public static InputEnd of(Channel channel, Taker taker) {
      return isNeededBy(channel) ? new InputEnd((DuplexChannel) channel, taker) : null;
    }

    /** Whether it is such a channel. */
    public static boolean isNeededBy(Channel channel) {
      return channel instanceof DuplexChannel
          && !(channel.config() instanceof SocketChannelConfig)
          && !(channel instanceof EpollDomainSocketChannel);
    }

    /** The end was read. In the midst of that, so it is told later, behind the bytes before it. */
    @Override
    public boolean getAsBoolean() {
      if (!taker.mayEndHalf()) return false;
      if (!isDue) {
        isDue = true;
        channel.eventLoop().execute(this::tell);
      }
      return true;
    }

    private void tell() {
      if (!channel.isOpen() || channel.isInputShutdown()) return;
      ChannelFuture shut = channel.shutdownInput();
      if (shut.isSuccess()) {
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
      } else {
        channel.close(); // Else its end would be read again and again.
      }
    }
  }
}
