package org.asyncore.limits;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A connect timeout. Netty's own closes the channel, which would take it from under a dispatcher;
 * and it is too late for it when a connect is under way.
 */
final class ConnectTimeout extends ChannelDuplexHandler {
  /** Of {@code TCP_INFO}: asked, and not answered yet. */
  private static final int SYN_SENT = 2;

  private final Expiry expiry;
  private Future<?> timer;
  private long deadline;

  ConnectTimeout(Expiry expiry) {
    this.expiry = expiry;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    if (context.channel().isActive()) context.pipeline().remove(this);
    else if (expiry.isConnecting()) begin(context);
  }

  @Override
  public void connect(
      ChannelHandlerContext context,
      SocketAddress remote,
      SocketAddress local,
      ChannelPromise promise) {
    begin(context);
    context.connect(remote, local, promise);
  }

  private void begin(ChannelHandlerContext context) {
    stop();
    deadline = context.executor().ticker().nanoTime() + expiry.nanos();
    schedule(context);
  }

  private void schedule(ChannelHandlerContext context) {
    long nanos = deadline - context.executor().ticker().nanoTime();
    timer = context.executor().schedule(() -> expire(context), nanos, TimeUnit.NANOSECONDS);
  }

  private void expire(ChannelHandlerContext context) {
    timer = null;
    Channel channel = context.channel();
    expiry.tell(channel, () -> !isDecided(channel));
  }

  /**
   * Whether the connect has succeeded or failed, though nobody has found it yet. On epoll that
   * waits for the dispatcher's turn, and the kernel is asked; the JDK has told before any turn.
   */
  private static boolean isDecided(Channel channel) {
    if (channel.isActive() || !channel.isOpen()) return true;
    return channel instanceof EpollSocketChannel epoll && epoll.tcpInfo().state() != SYN_SENT;
  }

  /** Timers stay on the loop that they were made on. */
  @Override
  public void channelRegistered(ChannelHandlerContext context) {
    boolean isRunning = timer != null;
    stop();
    if (isRunning) schedule(context);
    context.fireChannelRegistered();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    context.pipeline().remove(this);
    context.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    stop();
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    stop();
  }

  private void stop() {
    if (timer != null) timer.cancel(false);
    timer = null;
  }
}
