package org.asyncore.faults;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Keeps each second message and gives it out when it is next passed: mostly on the stack of a call
 * of the program's.
 */
final class Withholder extends ChannelDuplexHandler {
  private final Queue<Object> kept = new ArrayDeque<>();
  private ChannelHandlerContext context;
  private int reads;

  /** Whether a pass has gone by since. */
  private boolean isOld;

  private void giveOut() {
    for (Object message; (message = kept.poll()) != null; ) {
      context.fireChannelRead(message);
      if (kept.isEmpty()) context.fireChannelReadComplete();
    }
  }

  /** Nothing is kept for longer than a pass. */
  void between() {
    if (isOld) giveOut();
    isOld = !kept.isEmpty();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    giveOut();
  }

  @Override
  public void channelRead(ChannelHandlerContext here, Object message) {
    giveOut();
    if (++reads % 2 == 0) kept.add(message);
    else here.fireChannelRead(message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext here, Object event) {
    giveOut();
    here.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
    giveOut();
    here.fireExceptionCaught(cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext here) {
    giveOut();
    here.fireChannelInactive();
  }

  @Override
  public void read(ChannelHandlerContext here) {
    giveOut();
    here.read();
  }

  @Override
  public void write(ChannelHandlerContext here, Object message, ChannelPromise promise) {
    giveOut();
    here.write(message, promise);
  }

  @Override
  public void flush(ChannelHandlerContext here) {
    giveOut();
    here.flush();
  }

  @Override
  public void close(ChannelHandlerContext here, ChannelPromise promise) {
    giveOut();
    here.close(promise);
  }
}
