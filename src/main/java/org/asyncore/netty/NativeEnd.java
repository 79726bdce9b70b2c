package org.asyncore.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.Future;
import org.asyncore.netty.kernel.Options;
import org.asyncore.netty.socket.SocketLoop;

/**
 * The end of a native channel whose loop comes to its own: it closes by way of its handlers, which
 * may have a last word, or put it off; but not before the kernel has what was written.
 *
 * <p>For the holder of the turn.
 */
final class NativeEnd implements SocketLoop.Unsent {
  private final Channel channel;

  NativeEnd(Channel channel) {
    this.channel = channel;
  }

  /** Closes it, at once if nothing waits; says whether it is closed. */
  boolean close() {
    if (hasUnsent()) {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(this::sent);
    } else {
      closeNow();
    }
    return !channel.isOpen();
  }

  /** More may have been written meanwhile; Netty counts this write until its listeners return. */
  private void sent(Future<? super Void> write) {
    if (write.isSuccess()) channel.eventLoop().execute(this::close);
    else closeNow();
  }

  private boolean hasUnsent() {
    ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
    return channel.isActive() && unsent != null && unsent.totalPendingWriteBytes() > 0;
  }

  private void closeNow() {
    channel.close();
    if (channel.isOpen()) channel.unsafe().close(channel.unsafe().voidPromise());
  }

  @Override
  public boolean isClosed() {
    return true;
  }

  @Override
  public void cutOff() {
    if (hasUnsent()) Options.resetOnClose(channel);
    channel.unsafe().close(channel.unsafe().voidPromise());
  }
}
