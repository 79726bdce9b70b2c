package org.asyncore.netty.loop;

import io.netty.channel.IoHandlerContext;

/** A look that does not wait: what an I/O handler that is run for one asks. */
public final class NoWaitContext implements IoHandlerContext {
  public static final IoHandlerContext INSTANCE = new NoWaitContext();

  private NoWaitContext() {}

  @Override
  public boolean canBlock() {
    return false;
  }

  @Override
  public long delayNanos(long currentTimeNanos) {
    return 0;
  }

  @Override
  public long deadlineNanos() {
    return 0;
  }
}
