package org.asyncore.bench.server;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;

/**
 * By what a Netty server reads and writes.
 *
 * @param handlers of its event loop
 * @param listening of its connections' door
 */
record NettyIo(IoHandlerFactory handlers, Class<? extends ServerChannel> listening) {
  /** What the shim would take here: epoll or, where that is not, NIO. */
  static NettyIo likeShim() {
    if (Epoll.isAvailable() && !"nio".equals(System.getProperty("org.asyncore.transport"))) {
      return new NettyIo(EpollIoHandler.newFactory(), EpollServerSocketChannel.class);
    }
    return new NettyIo(NioIoHandler.newFactory(), NioServerSocketChannel.class);
  }

  /** The kernel's rings, for whoever has asked whether they are there. */
  static NettyIo uring() {
    return new NettyIo(IoUringIoHandler.newFactory(), IoUringServerSocketChannel.class);
  }
}
