package org.asyncore.bench.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;

/** Netty's echo of somebody whose program has arrays: out of Netty's buffer, and back into one. */
final class NettyBytesEcho extends NettyEcho {
  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf buffer = (ByteBuf) message;
    byte[] data = ByteBufUtil.getBytes(buffer);
    buffer.release();
    context.write(Unpooled.wrappedBuffer(data));
  }
}
