package org.asyncore.migrate;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Puts a handler behind itself, gives it bytes before all others, and goes. */
final class Prepended extends ChannelInboundHandlerAdapter {
  private final byte[] bytes;
  private final ChannelHandler next;

  Prepended(byte[] bytes, ChannelHandler next) {
    this.bytes = bytes;
    this.next = next;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    context.pipeline().addAfter(context.name(), null, next);
    if (bytes.length > 0) context.fireChannelRead(Unpooled.wrappedBuffer(bytes));
    context.pipeline().remove(this);
  }
}
