package org.asyncore.limits;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;
import org.asyncore.limits.TimedOutException.Kind;

/** An idle or a read timeout: Netty's handler, which tells a dispatcher. */
final class IdleTimeout extends IdleStateHandler {
  private final Expiry expiry;
  private ChannelHandlerContext own;
  private boolean hasMoved;

  /** Changes with everything that is received, or sent. */
  private long progress;

  IdleTimeout(Expiry expiry) {
    super(true, nanos(expiry, Kind.READ), 0, nanos(expiry, Kind.IDLE), TimeUnit.NANOSECONDS);
    this.expiry = expiry;
  }

  private static long nanos(Expiry expiry, Kind kind) {
    return expiry.kind() == kind ? expiry.nanos() : 0;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) throws Exception {
    own = Expiry.ownContext(context.pipeline());
    super.handlerAdded(context);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    progress++;
    super.channelRead(context, message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    if (expiry.kind() == Kind.IDLE) progress++;
    super.write(context, message, promise);
  }

  @Override
  protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) throws Exception {
    // A peer that is not read from cannot help being silent.
    if (expiry.kind() == Kind.READ && !context.channel().config().isAutoRead()) return;
    long before = progress;
    if (!expiry.strike(context.channel(), own, () -> progress == before)) {
      super.channelIdle(context, event);
    }
  }

  @Override
  public void channelUnregistered(ChannelHandlerContext context) throws Exception {
    hasMoved = true;
    super.channelUnregistered(context);
  }

  /** Netty's handler keeps its timer on the loop that it was on at first. */
  @Override
  public void channelRegistered(ChannelHandlerContext context) throws Exception {
    if (hasMoved) context.pipeline().replace(this, context.name(), new IdleTimeout(expiry));
    super.channelRegistered(context);
  }
}
