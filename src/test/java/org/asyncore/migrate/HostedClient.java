package org.asyncore.migrate;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** A bootstrap for one hosted client, on an event loop of its own. */
final class HostedClient implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup group;
  private final boolean epoll;

  HostedClient(String transport) {
    epoll = transport.equals("epoll");
    assumeTrue(!epoll || Epoll.isAvailable(), "epoll is not available here");
    group =
        new MultiThreadIoEventLoopGroup(
            1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  Bootstrap bootstrap(DispatcherFactory factory) {
    return new Bootstrap()
        .group(group)
        .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
        .handler(DispatcherHandler.each(factory));
  }

  /** A peer that has TLS and reads nothing of what comes through it. */
  Channel listen(SslContext context) {
    return new ServerBootstrap()
        .group(group)
        .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
        .childHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(context.newHandler(channel.alloc()));
              }
            })
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .syncUninterruptibly()
        .channel();
  }

  @Override
  public void close() {
    group.shutdownGracefully(1, 5000, TimeUnit.MILLISECONDS);
    assertTrue(group.terminationFuture().awaitUninterruptibly(10, TimeUnit.SECONDS), "group ends");
  }
}
