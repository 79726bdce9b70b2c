package org.asyncore.examples.migrating;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.asyncore.Asyncore;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.migrate.DispatcherFactory;
import org.asyncore.transport.AsyncSocket;

/**
 * Sockets that inetd, or systemd in its place, has opened and gives as standard input: a connection
 * ({@code nowait}), or a listener that waits for more ({@code wait}).
 */
public final class InheritedSockets {
  private static final int STANDARD_INPUT = 0;

  private InheritedSockets() {}

  /** Has a dispatcher of this map over the connection. */
  public static void connection(SocketMap map, DispatcherFactory factory) throws IOException {
    Channel inherited =
        isEpoll(map)
            ? new EpollSocketChannel(STANDARD_INPUT)
            : new NioSocketChannel((SocketChannel) System.inheritedChannel());
    new Bootstrap()
        .group(DispatcherChannels.eventLoopGroup(map))
        .channelFactory(() -> inherited)
        .handler(adopting(map, factory))
        .register();
  }

  /** Has a dispatcher of this map over each connection that the listener takes. */
  public static void listener(SocketMap map, DispatcherFactory factory) throws IOException {
    IoEventLoopGroup loop = DispatcherChannels.eventLoopGroup(map);
    ServerBootstrap bootstrap =
        new ServerBootstrap().group(loop).childHandler(adopting(map, factory));
    if (isEpoll(map)) {
      bootstrap.channelFactory(() -> new EpollServerSocketChannel(STANDARD_INPUT));
    } else {
      ServerSocketChannel inherited = (ServerSocketChannel) System.inheritedChannel();
      bootstrap.channelFactory(() -> new NioServerSocketChannel(inherited));
    }
    DispatcherChannels.awaitChannels(map, true); // The listener is none of the map's.
    bootstrap.register();
  }

  private static boolean isEpoll(SocketMap map) {
    return map.transport().name().equals("epoll");
  }

  private static ChannelInitializer<Channel> adopting(SocketMap map, DispatcherFactory factory) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        channel.eventLoop().execute(() -> adopt(channel));
      }

      private void adopt(Channel channel) {
        factory.create(DispatcherChannels.adopt(map, channel), map);
      }
    };
  }

  /** Echoes. */
  static final class Echo extends DispatcherWithSend {
    Echo(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public void handleRead() {
      byte[] data = recv(8192);
      if (data.length > 0) send(data);
    }

    @Override
    public void handleClose() {
      close();
    }
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    SocketMap map = new SocketMap();
    if (args[0].equals("wait")) listener(map, Echo::new);
    else connection(map, Echo::new);
    Asyncore.loop(map);
  }
}
