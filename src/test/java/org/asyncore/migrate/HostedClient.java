package org.asyncore.migrate;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
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

  @Override
  public void close() {
    group.shutdownGracefully(1, 5000, TimeUnit.MILLISECONDS);
    assertTrue(group.terminationFuture().awaitUninterruptibly(10, TimeUnit.SECONDS), "group ends");
  }
}
