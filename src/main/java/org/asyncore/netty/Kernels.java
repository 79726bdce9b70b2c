package org.asyncore.netty;

import io.netty.channel.Channel;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.nio.AbstractNioChannel.NioUnsafe;
import java.nio.channels.SocketChannel;

/** The kernels of channels that somebody else has made. */
final class Kernels {
  private static final Kernel EPOLL = new EpollKernel();
  private static final Kernel NIO = new NioKernel();

  private Kernels() {}

  /** What can send on a stream past its channel; null for channels of other kinds. */
  static Kernel of(Channel channel) {
    if (channel instanceof AbstractEpollStreamChannel) return EPOLL;
    boolean isNio =
        channel.unsafe() instanceof NioUnsafe unsafe && unsafe.ch() instanceof SocketChannel;
    return isNio ? NIO : null;
  }
}
