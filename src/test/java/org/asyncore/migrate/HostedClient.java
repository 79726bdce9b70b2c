package org.asyncore.migrate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.asyncore.fixture.NettyIo;

/** A bootstrap for one hosted client, on an event loop of its own. */
final class HostedClient implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup group;
  private final NettyIo io;

  HostedClient(String transport) {
    io = NettyIo.named(transport);
    io.assumeAvailable();
    group = new MultiThreadIoEventLoopGroup(1, io.handlers());
  }

  Bootstrap bootstrap(DispatcherFactory factory) {
    return new Bootstrap()
        .group(group)
        .channel(io.channel())
        .handler(DispatcherHandler.each(factory));
  }

  /** A peer that has TLS and reads nothing of what comes through it. */
  Channel listen(SslContext context) {
    return new ServerBootstrap()
        .group(group)
        .channel(io.serverChannel())
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
