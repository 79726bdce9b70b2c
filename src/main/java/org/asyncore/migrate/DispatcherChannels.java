package org.asyncore.migrate;

import io.netty.channel.Channel;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.netty.Channels;
import org.asyncore.netty.NettyTransport;
import org.asyncore.netty.PipelineSocket;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;

/** What a dispatcher and its map are to Netty. */
public final class DispatcherChannels {
  private DispatcherChannels() {}

  // --- native channels on a map's loop ---

  /**
   * The loop of a map, as a group of one for native bootstraps: their channels are served by the
   * same {@code loop()} as the map's dispatchers, on the thread inside it. The group belongs to the
   * map: it is not for others to shut down.
   *
   * <p>To bind needs no {@code loop()}; to connect, read and write does. Tasks and scheduled tasks
   * run in the passes, too.
   */
  public static IoEventLoopGroup eventLoopGroup(SocketMap map) {
    return transport(map).eventLoopGroup();
  }

  /** The class of stream channels for {@link #eventLoopGroup}: {@code Bootstrap.channel}. */
  public static Class<? extends DuplexChannel> channelClass(SocketMap map, Family family) {
    if (isEpoll(map)) {
      return family == Family.UNIX ? EpollDomainSocketChannel.class : EpollSocketChannel.class;
    }
    return family == Family.UNIX ? NioDomainSocketChannel.class : NioSocketChannel.class;
  }

  /**
   * The class of listening channels for {@link #eventLoopGroup}: {@code ServerBootstrap.channel}.
   */
  public static Class<? extends ServerChannel> serverChannelClass(SocketMap map, Family family) {
    if (isEpoll(map)) {
      return family == Family.UNIX
          ? EpollServerDomainSocketChannel.class
          : EpollServerSocketChannel.class;
    }
    return family == Family.UNIX
        ? NioServerDomainSocketChannel.class
        : NioServerSocketChannel.class;
  }

  /** The class of UDP channels for {@link #eventLoopGroup}. */
  public static Class<? extends DatagramChannel> datagramChannelClass(SocketMap map) {
    return isEpoll(map) ? EpollDatagramChannel.class : NioDatagramChannel.class;
  }

  /**
   * Whether a {@code loop()} over this map goes on while native channels of {@link #eventLoopGroup}
   * are open, though the map is empty. Off unless set. A {@code loop()} that is inside returns when
   * the last of both is closed. Safe from any thread.
   */
  public static void awaitChannels(SocketMap map, boolean await) {
    transport(map).awaitChannels(await);
  }

  private static boolean isEpoll(SocketMap map) {
    return transport(map).name().equals("epoll");
  }

  private static NettyTransport transport(SocketMap map) {
    SocketMap asked = map == null ? Asyncore.socketMap() : map;
    if (asked.transport() instanceof NettyTransport netty) return netty;
    throw new IllegalArgumentException(
        "a map of transport " + asked.transport().name() + " has no loop of its own");
  }

  // --- what is below a dispatcher ---

  /**
   * The channel below a dispatcher's socket: for options, statistics and attributes that only Netty
   * has. The socket stays its owner.
   */
  public static Channel channel(Dispatcher dispatcher) {
    if (dispatcher.socket() != null) return channel(dispatcher.socket());
    throw new IllegalStateException("channel() of a dispatcher without a socket");
  }

  /** The channel below a socket, which stays its owner. */
  public static Channel channel(AsyncSocket socket) {
    return Channels.of(socket);
  }

  /**
   * What {@code readable()} or {@code writable()} say may have changed, by something else than the
   * dispatcher's own callbacks: it is asked again. A dispatcher in a {@code loop()} is asked in
   * every pass anyway. Safe from any thread.
   */
  public static void interestChanged(Dispatcher dispatcher) {
    if (dispatcher.socket() instanceof PipelineSocket hosted) hosted.interestChanged();
  }
}
