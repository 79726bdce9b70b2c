package org.asyncore.netty.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import org.asyncore.transport.Activity;

/** A connection of a channel's, which knows most of what its {@link Activity} asks. */
public interface ChannelConnection extends Activity.Connection {
  /** Of {@code TCP_INFO}: asked, and not answered yet. */
  int SYN_SENT = 2;

  /** Limits that native handlers can keep, too. */
  interface Limits extends Activity.Limits {
    /**
     * The connection is that of native handlers from now on.
     *
     * @param place where the dispatcher's handler was, for handlers in front of it
     */
    void migrated(ChannelHandlerContext place);
  }

  Channel channel();

  @Override
  default boolean isOpen() {
    return channel().isOpen();
  }

  @Override
  default boolean isUp() {
    return channel().isActive();
  }

  /**
   * On epoll to be told waits for the dispatcher's turn, and the kernel is asked; the JDK has told
   * before any turn.
   */
  @Override
  default boolean isAnswered() {
    Channel channel = channel();
    if (channel.isActive() || !channel.isOpen()) return true;
    return channel instanceof EpollSocketChannel epoll && epoll.tcpInfo().state() != SYN_SENT;
  }

  @Override
  default long writtenPart() {
    ChannelOutboundBuffer pending = channel().unsafe().outboundBuffer();
    return pending == null ? 0 : pending.currentProgress();
  }

  @Override
  default void whenOver(Runnable call) {
    channel().closeFuture().addListener(closed -> call.run());
  }
}
