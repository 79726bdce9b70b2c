package org.asyncore.bench.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A handler in Netty's own loop, on the transport that the shim would take: the limit. */
final class NettyServer implements Server {
  private static final int LONGEST_LINE = 1 << 16;

  private final boolean lines;
  private final boolean epoll;

  NettyServer(boolean lines) {
    this.lines = lines;
    epoll = Epoll.isAvailable() && !"nio".equals(System.getProperty("org.asyncore.transport"));
  }

  @Override
  public void serve(int receiveBytes, Control control) throws InterruptedException {
    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    Class<? extends ServerChannel> type =
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    Channel listening =
        new ServerBootstrap()
            .group(group)
            .channel(type)
            .option(ChannelOption.SO_BACKLOG, Backlog.CONNECTIONS)
            .childHandler(new Pipeline())
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sync()
            .channel();
    control.listening(((InetSocketAddress) listening.localAddress()).getPort());
    listening.closeFuture().sync();
  }

  /** What a connection gets. */
  private final class Pipeline extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      if (!lines) {
        channel.pipeline().addLast(new NettyEcho());
        return;
      }
      channel.pipeline().addLast(new LineBasedFrameDecoder(LONGEST_LINE));
      channel.pipeline().addLast(new NettyLineEcho());
    }
  }
}
