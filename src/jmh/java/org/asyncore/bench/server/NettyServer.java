package org.asyncore.bench.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
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
import java.util.function.Consumer;
import org.asyncore.migrate.DispatcherFactory;
import org.asyncore.migrate.DispatcherHandler;

/** Netty's own loop, on the transport that the shim would take: with its own handlers the limit. */
final class NettyServer implements Server {
  private static final int LONGEST_LINE = 1 << 16;

  private final Consumer<ChannelPipeline> handlers;
  private final boolean epoll;
  private final ServerTls tls = new ServerTls();

  /** A server whose connections get these handlers. */
  NettyServer(Consumer<ChannelPipeline> handlers) {
    this.handlers = handlers;
    epoll = Epoll.isAvailable() && !"nio".equals(System.getProperty("org.asyncore.transport"));
  }

  static NettyServer echo() {
    return new NettyServer(pipeline -> pipeline.addLast(new NettyEcho()));
  }

  static NettyServer lines() {
    return new NettyServer(
        pipeline -> pipeline.addLast(new LineBasedFrameDecoder(LONGEST_LINE), new NettyLineEcho()));
  }

  /** A native server all of whose connections have a dispatcher at the end of their pipeline. */
  static NettyServer hosting(DispatcherFactory factory) {
    return new NettyServer(pipeline -> pipeline.addLast(new DispatcherHandler(factory)));
  }

  @Override
  public void serve(Control control) throws InterruptedException {
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

  private final class Pipeline extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      if (tls.isOn()) channel.pipeline().addLast(tls.handler(channel.alloc()));
      handlers.accept(channel.pipeline());
    }
  }
}
