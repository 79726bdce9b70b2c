package org.asyncore.examples.migrating;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import java.net.SocketAddress;
import org.asyncore.examples.cookbook.TcpProxy.Side;
import org.asyncore.migrate.DispatcherHandler;

/**
 * {@code TcpProxy} without a {@code loop()}: the same dispatchers, hosted in pipelines of
 * bootstraps, the outgoing half, too.
 */
public final class HostedProxy {
  private HostedProxy() {}

  /**
   * Serves.
   *
   * @param client the class of the channels that connect, of the same kind as {@code server}
   */
  public static ChannelFuture serve(
      EventLoopGroup group,
      Class<? extends ServerChannel> server,
      Class<? extends Channel> client,
      SocketAddress address,
      SocketAddress target) {
    return new ServerBootstrap()
        .group(group)
        .channel(server)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel accepted) {
                DispatcherHandler handler = new DispatcherHandler(Side::new);
                accepted.pipeline().addLast(handler);
                connect((Side) handler.dispatcher(), accepted, client, target);
              }
            })
        .bind(address);
  }

  /** On the same event loop, so that the two may call each other. */
  private static void connect(
      Side accepted, Channel channel, Class<? extends Channel> client, SocketAddress target) {
    DispatcherHandler outgoing =
        new DispatcherHandler(
            (socket, map) -> {
              Side side = new Side(socket, map);
              side.couple(accepted);
              return side;
            });
    new Bootstrap()
        .group(channel.eventLoop())
        .channel(client)
        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .handler(outgoing)
        .connect(target); // That it is refused, handleError tells.
  }
}
