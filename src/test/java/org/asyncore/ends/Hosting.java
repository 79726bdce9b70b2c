package org.asyncore.ends;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import org.asyncore.SocketMap;
import org.asyncore.migrate.DispatcherHandler;

/** Pipelines with a dispatcher at their ends. */
final class Hosting {
  private final Server server;
  private final EventLoopGroup group;
  private Channel bound;
  private final SocketMap map = DispatcherHandler.newMap();

  Hosting(Server server, EventLoopGroup group) {
    this.server = server;
    this.group = group;
  }

  /** The dispatchers. */
  SocketMap map() {
    return map;
  }

  /** Takes nobody any more. */
  void close() {
    bound.close().syncUninterruptibly();
  }

  SocketAddress bind(Class<? extends ServerChannel> channelClass) throws InterruptedException {
    SocketAddress address = server.anyAddress();
    bound =
        new ServerBootstrap()
            .group(group)
            .channel(channelClass)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    welcome(channel);
                  }
                })
            .bind(forChannel(address, channelClass))
            .sync()
            .channel();
    return server.plan.isUnix() ? address : bound.localAddress();
  }

  private static SocketAddress forChannel(SocketAddress address, Class<?> channelClass) {
    boolean isNettys = channelClass.getSimpleName().startsWith("Epoll");
    if (!isNettys || !(address instanceof UnixDomainSocketAddress unix)) return address;
    return new DomainSocketAddress(unix.getPath().toFile());
  }

  private void welcome(Channel channel) {
    switch (server.plan.front()) {
      case NOTHING, TIMEOUT -> {
        // The dispatcher alone.
      }
      case HANDLER -> channel.pipeline().addLast(new ChannelInboundHandlerAdapter());
      case TLS -> channel.pipeline().addLast(Server.Secrets.SERVER.newHandler(channel.alloc()));
    }
    channel.pipeline().addLast(new DispatcherHandler(server::make, map));
  }
}
