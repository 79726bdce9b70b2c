package org.asyncore.examples.migrating;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import org.asyncore.SocketMap;
import org.asyncore.examples.ChatRoom;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.Family;

/**
 * Rung 2: Netty accepts, dispatchers serve, in one {@code loop()}. Confined to the thread inside
 * it.
 */
public final class NativeDoor {
  private NativeDoor() {}

  /** Opens a room on a map's loop; what comes through the channel that it returns is a guest. */
  public static Channel open(SocketMap map, String host, int port) {
    ChatRoom room = new ChatRoom(map);
    return new ServerBootstrap()
        .group(DispatcherChannels.eventLoopGroup(map))
        .channel(DispatcherChannels.serverChannelClass(map, Family.INET))
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                room.join(DispatcherChannels.adopt(map, channel));
              }
            })
        .bind(host, port)
        .syncUninterruptibly() // To bind needs nobody inside loop().
        .channel();
  }
}
