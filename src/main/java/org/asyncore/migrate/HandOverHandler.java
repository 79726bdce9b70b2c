package org.asyncore.migrate;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Stands in the place that a dispatcher leaves for as long as it hands on what it has: bytes of its
 * own first. The handlers behind may give the connection away again meanwhile; the rest goes to
 * whoever is last then.
 */
final class HandOverHandler extends ChannelInboundHandlerAdapter {
  private final byte[] bytes;
  private final ChannelHandler next;
  private boolean begun;

  @SuppressWarnings("NullAway.Init") // There from handlerAdded on.
  private ChannelHandlerContext context;

  HandOverHandler(byte[] bytes, ChannelHandler next) {
    this.bytes = bytes;
    this.next = next;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    this.context = context;
    context.pipeline().addAfter(context.name(), null, next);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    begin();
    context.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    begin();
    context.fireChannelReadComplete();
  }

  private void begin() {
    if (begun) return;
    begun = true;
    if (bytes.length > 0) context.fireChannelRead(Unpooled.wrappedBuffer(bytes));
  }

  /** Everything has been handed on. */
  void leave() {
    begin();
    context.pipeline().remove(this);
  }
}
