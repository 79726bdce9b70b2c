package org.asyncore.netty.kernel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import org.asyncore.netty.loop.TurnEventLoop;

/**
 * Has the peer of a hosted channel learn that something is missing if somebody else closes the
 * channel before the kernel has all that was sent, as an event loop does that ends: SO_LINGER is 0
 * meanwhile, unless the program has set it itself.
 *
 * <p>Changes on the channel's event loop; asked from any thread.
 */
public final class UnsentReset {
  /** What the program sees meanwhile. */
  public static final int DEFAULT = -1;

  private final Channel channel;
  private volatile boolean isSet;

  /** The loop is ours, and sees to it; or the program has said what it wants. */
  private volatile boolean isBarred;

  public UnsentReset(Channel channel) {
    this.channel = channel;
  }

  /** Whether SO_LINGER is not what the program sees. */
  public boolean isSet() {
    return isSet;
  }

  /** Bytes were flushed, or the kernel has taken some. */
  public void update() {
    boolean hasUnsent = hasUnsent();
    if (hasUnsent == isSet || isBarred) return;
    if (hasUnsent) set();
    else clear();
  }

  /** Bytes wait that are to be flushed. */
  public void expect() {
    if (!isSet && !isBarred) set();
  }

  private boolean hasUnsent() {
    ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
    return unsent != null && (!unsent.isEmpty() || unsent.totalPendingWriteBytes() > 0);
  }

  private void set() {
    Integer before =
        channel.isActive() ? channel.config().getOption(ChannelOption.SO_LINGER) : null;
    isBarred = before == null || before != DEFAULT || channel.eventLoop() instanceof TurnEventLoop;
    if (isBarred) return;
    isSet = true;
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
  }

  /** The channel closes as the program wants it to. */
  public void clear() {
    if (!isSet) return;
    isSet = false;
    if (channel.isOpen()) channel.config().setOption(ChannelOption.SO_LINGER, DEFAULT);
  }

  /** From now on others say what the option is. */
  public void bar() {
    isBarred = true;
    clear();
  }
}
