package org.asyncore.netty.loop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.IoEventLoop;

/**
 * An event loop that takes channels as Netty's own do, {@link
 * io.netty.channel.SingleThreadEventLoop}: by having each register itself.
 */
public interface ChannelEventLoop extends IoEventLoop {
  @Override
  @Deprecated
  default ChannelFuture register(Channel channel) {
    return register(new DefaultChannelPromise(channel, this));
  }

  @Override
  @Deprecated
  default ChannelFuture register(ChannelPromise promise) {
    return register(promise.channel(), promise);
  }

  @Override
  @Deprecated
  default ChannelFuture register(Channel channel, ChannelPromise promise) {
    channel.unsafe().register(this, promise);
    return promise;
  }
}
