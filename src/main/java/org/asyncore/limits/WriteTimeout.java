package org.asyncore.limits;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.timeout.WriteTimeoutHandler;
import java.util.concurrent.TimeUnit;

/** A write timeout: Netty's handler, which tells a dispatcher. */
final class WriteTimeout extends WriteTimeoutHandler {
  private final Expiry expiry;
  private ChannelHandlerContext own;

  /** How many writes came to their end. */
  private long written;

  WriteTimeout(Expiry expiry) {
    super(expiry.nanos(), TimeUnit.NANOSECONDS);
    this.expiry = expiry;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) throws Exception {
    own = Expiry.ownContext(context.pipeline());
    super.handlerAdded(context);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
      throws Exception {
    ChannelPromise write = promise.unvoid();
    write.addListener(done -> written++);
    super.write(context, message, write);
  }

  @Override
  protected void writeTimedOut(ChannelHandlerContext context) throws Exception {
    long before = written;
    if (!expiry.strike(context.channel(), own, () -> written == before)) {
      super.writeTimedOut(context);
    }
  }
}
