package org.asyncore.examples.migrating;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import org.asyncore.SocketMap;
import org.asyncore.examples.ChatRoom;
import org.asyncore.migrate.DispatcherHandler;

/**
 * Rung 4: dispatchers at the end of pipelines that a bootstrap builds. There is no {@code loop()}.
 */
public final class HostedRoom {
  private HostedRoom() {}

  /**
   * Opens a room.
   *
   * @param oneLoop a group of one thread: guests talk to each other, so they share it
   */
  public static Channel open(
      EventLoopGroup oneLoop, Class<? extends ServerChannel> channels, String host, int port) {
    SocketMap map = DispatcherHandler.newMap();
    ChatRoom room = new ChatRoom(map);
    return new ServerBootstrap()
        .group(oneLoop)
        .channel(channels)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(new DispatcherHandler((socket, same) -> room.join(socket), map));
              }
            })
        .bind(host, port)
        .syncUninterruptibly()
        .channel();
  }
}
