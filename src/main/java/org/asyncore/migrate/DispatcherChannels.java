package org.asyncore.migrate;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
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
import java.util.Objects;
import org.asyncore.Asyncore;
import org.asyncore.Callbacks;
import org.asyncore.Dispatcher;
import org.asyncore.LoopObserver;
import org.asyncore.SocketMap;
import org.asyncore.netty.Channels;
import org.asyncore.netty.NettyTransport;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;

/**
 * What a dispatcher and its map are to Netty: a loop for native channels, a channel with a
 * pipeline, buffers, and a connection that a native handler may take over.
 *
 * <pre>{@code
 * return new ServerBootstrap() // Served by loop(map), beside the map's dispatchers.
 *     .group(DispatcherChannels.eventLoopGroup(map))
 *     .channel(DispatcherChannels.serverChannelClass(map, Family.INET))
 *     .childHandler(handler)
 *     .bind("127.0.0.1", 8008)
 *     .syncUninterruptibly()
 *     .channel();
 * }</pre>
 *
 * <p>Which thread may call what stands at each method.
 */
public final class DispatcherChannels {
  /** The name of a dispatcher's own handler in its pipeline. */
  public static final String DISPATCHER = Channels.DISPATCHER;

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
    return channel(socketOf(dispatcher, "channel"));
  }

  /** The channel below a socket, which stays its owner. */
  public static Channel channel(AsyncSocket socket) {
    return Channels.of(socket);
  }

  /**
   * The pipeline of a dispatcher's connection, for handlers in front of it: {@code addFirst}, or
   * {@code addBefore} of {@link #DISPATCHER}. They have to pass {@code ByteBuf}s on; a message of
   * another type is an error that {@code recv} throws, and {@code handleError} gets.
   *
   * <p>From the first call on bytes travel through the pipeline when they come, and wait at its end
   * for {@code recv}: while {@code readable()} says yes, up to 64 KiB or so are read ahead. What is
   * known of the kernel is then what the channel reports (docs/differences.md#handlers-in-front).
   * Events that handlers fire reach {@link Dispatcher#handleUserEvent}, in the next pass. {@link
   * Dispatcher#socket()} is another object from then on.
   *
   * <p>A connection may be up, under way, or not yet begun; a listening dispatcher has none. From
   * any thread; the pipeline's own rule is that of its event loop, the map's.
   */
  public static ChannelPipeline pipeline(Dispatcher dispatcher) {
    AsyncSocket socket = socketOf(dispatcher, "pipeline");
    Channels.pipe(
        socket,
        event -> UserEvent.post(dispatcher, event),
        piped -> {
          boolean isInMap = dispatcher.fileno() >= 0;
          dispatcher.setSocket(piped);
          if (!isInMap) dispatcher.delChannel();
        });
    return channel(dispatcher).pipeline();
  }

  // --- bytes as Netty has them ---

  /**
   * {@code recv} without a copy: the oldest buffer that came, whole, as it left the pipeline. The
   * caller releases it. As {@link Dispatcher#recv(int)}, at the end of the stream and of a broken
   * connection it calls {@code handleClose}, and returns an empty buffer.
   *
   * <p>For a hosted dispatcher, or one that {@link #pipeline} was called for.
   */
  public static ByteBuf recv(Dispatcher dispatcher) {
    try {
      ByteBuf bytes = Channels.recv(socketOf(dispatcher, "recv"));
      LoopObserver observer = Callbacks.observer(dispatcher);
      if (observer != null) received(observer, dispatcher, bytes);
      if (bytes != null) return bytes;
    } catch (OsException error) {
      if (!error.errno().isDisconnected()) throw error;
    }
    dispatcher.handleClose();
    return Unpooled.EMPTY_BUFFER;
  }

  private static void received(LoopObserver observer, Dispatcher dispatcher, ByteBuf bytes) {
    int byteCount = bytes == null ? 0 : bytes.readableBytes();
    observer.received(dispatcher, byteCount, byteCount); // It takes all of what came.
  }

  /**
   * {@code send} without a copy: what is taken is a retained slice, and the buffer's reader index
   * moves behind it. The buffer stays the caller's, to release; its bytes must not change. Goes
   * past an override of {@code send} that queues.
   *
   * <p>For a hosted dispatcher, or one that {@link #pipeline} was called for.
   *
   * @return how many bytes were taken, from 0 on
   */
  public static int send(Dispatcher dispatcher, ByteBuf bytes) {
    int offered = bytes.readableBytes();
    try {
      int taken = Channels.send(socketOf(dispatcher, "send"), bytes);
      LoopObserver observer = Callbacks.observer(dispatcher);
      if (observer != null) observer.sent(dispatcher, taken, offered);
      return taken;
    } catch (OsException error) {
      if (error.errno() == Errno.EAGAIN) return 0;
      if (!error.errno().isDisconnected()) throw error;
      dispatcher.handleClose();
      return 0;
    }
  }

  /**
   * As {@link #send(Dispatcher, ByteBuf)} for a buffer that its caller has no more use for: if
   * there is room for any of it, it is the channel's, which writes all of it and releases it. So at
   * most a buffer more waits than the channel's high water mark. A broken connection calls {@code
   * handleClose}, and releases it, too.
   *
   * @return whether the buffer was taken; if not, or if this throws, it stays the caller's
   */
  public static boolean offer(Dispatcher dispatcher, ByteBuf bytes) {
    int offered = bytes.readableBytes();
    try {
      boolean taken = Channels.offer(socketOf(dispatcher, "offer"), bytes);
      LoopObserver observer = Callbacks.observer(dispatcher);
      if (observer != null) observer.sent(dispatcher, taken ? offered : 0, offered);
      return taken;
    } catch (OsException error) {
      if (error.errno() == Errno.EAGAIN) return false;
      if (!error.errno().isDisconnected()) throw error;
      bytes.release();
      dispatcher.handleClose();
      return true;
    }
  }

  /**
   * How many bytes that the peer sent are on our side of the kernel, and not delivered: what waits
   * for {@code recv} at the end of a pipeline or was read ahead, and what an {@code AsyncChat} has
   * collected or not parsed. What the kernel still has is not counted, nor what a handler in front
   * keeps for itself.
   *
   * <p>{@link Tls#start} refuses to start with any. On the thread that serves the connection.
   *
   * @throws IllegalStateException without an open socket
   */
  public static long unread(Dispatcher dispatcher) {
    return Channels.unread(socketOf(dispatcher, "unread")) + dispatcher.undeliveredBytes();
  }

  // --- live hand-over ---

  /**
   * Gives a dispatcher's open connection to native handlers. The dispatcher leaves its map, no
   * callback is called any more, what it scheduled is cancelled, and its socket counts as closed.
   * Handlers in front of it stay.
   *
   * <p>In order and exactly once: bytes that came and that {@code recv} was not asked for reach the
   * new handlers first; what {@code send} took goes out before what they write. What a subclass
   * still holds itself is for it to hand over, such as {@code acInBuffer()} of an {@code
   * AsyncChat}: {@link #migrateTo(Dispatcher, ChannelHandler, byte[])}. The handlers are added to a
   * channel that is active: they see {@code handlerAdded}, and no {@code channelActive}; bytes that
   * were there reach them before this returns.
   *
   * <p>For the connection's event loop: in a callback. Elsewhere, and for a connection that is not
   * up, it is refused, and the connection goes on as it was.
   *
   * @param handler a handler, or a {@code ChannelInitializer}
   */
  public static Channel migrateTo(Dispatcher dispatcher, ChannelHandler handler) {
    return migrateTo(dispatcher, handler, new byte[0]);
  }

  /**
   * As {@link #migrateTo(Dispatcher, ChannelHandler)}.
   *
   * @param received bytes that the dispatcher has received and not used: they reach the new
   *     handlers before all others
   */
  public static Channel migrateTo(Dispatcher dispatcher, ChannelHandler handler, byte[] received) {
    Objects.requireNonNull(handler, "handler is null");
    Objects.requireNonNull(received, "received is null");
    Channel channel = channel(socketOf(dispatcher, "migrateTo"));
    checkMigrates(channel);
    if (dispatcher.hasQueued()) {
      throw new IllegalStateException(
          "migrateTo() with "
              + dispatcher.queuedBytes()
              + " bytes queued, which would be lost: wait until hasQueued() says no"
              + " (docs/migrating.md#rung-5-hand-an-open-connection-over)");
    }
    pipeline(dispatcher); // Direct sockets become piped ones, which can let go of their channel.
    AsyncSocket socket = socketOf(dispatcher, "migrateTo");
    Callbacks.endCalls(dispatcher);
    dispatcher.delChannel();
    detach(socket, received, handler);
    LoopObserver observer = Callbacks.observer(dispatcher);
    if (observer != null) observer.closed(dispatcher);
    return channel;
  }

  /** As {@link #migrateTo(Dispatcher, ChannelHandler)}: a connection just accepted. */
  public static Channel migrateTo(AsyncSocket socket, ChannelHandler handler) {
    Objects.requireNonNull(handler, "handler is null");
    Channel channel = channel(socket);
    if (socket.fileno() < 0) throw new IllegalStateException("migrateTo() of a closed socket");
    checkMigrates(channel);
    AsyncSocket[] piped = {socket};
    Channels.pipe(socket, event -> {}, made -> piped[0] = made);
    detach(piped[0], new byte[0], handler);
    return channel;
  }

  private static void detach(AsyncSocket socket, byte[] received, ChannelHandler handler) {
    HandOverHandler successor = new HandOverHandler(received, handler);
    Channels.detach(socket, successor);
    successor.leave();
  }

  private static void checkMigrates(Channel channel) {
    if (!channel.eventLoop().inEventLoop()) {
      throw new IllegalStateException(
          "migrateTo() on "
              + Thread.currentThread().getName()
              + ", which is not in the event loop of the connection: call it in a callback"
              + " (docs/differences.md#one-turn-at-a-time)");
    }
    if (channel instanceof ServerChannel || !channel.isActive()) {
      throw new IllegalStateException("migrateTo() of a connection that is not up: " + channel);
    }
  }

  private static void checkAdopts(Channel channel) {
    if (!channel.eventLoop().inEventLoop()) {
      throw new IllegalStateException(
          "adopt() on "
              + Thread.currentThread().getName()
              + ", which is not in the event loop of the connection"
              + " (docs/differences.md#one-turn-at-a-time)");
    }
    if (!(channel instanceof DuplexChannel)) {
      throw new IllegalArgumentException("adopt() of what is no connection: " + channel);
    }
    if (channel.pipeline().get(DISPATCHER) != null) {
      throw new IllegalStateException("adopt() of a channel that has a dispatcher");
    }
  }

  /**
   * Takes over a native channel of a map's loop: the way back. It may be up or not yet, half-closed
   * by its peer, or closed: its dispatcher is told what asyncore tells of such a connection.
   * Handlers of the channel that are not to stand in front of the dispatcher have to be removed
   * before. For the event loop.
   *
   * @return a socket for a dispatcher's constructor with this map
   */
  public static AsyncSocket adopt(SocketMap map, Channel channel) {
    NettyTransport transport = transport(map);
    if (channel.eventLoop() != transport.eventLoopGroup()) {
      throw new IllegalArgumentException(
          "a channel of another event loop: add a DispatcherHandler to its pipeline instead");
    }
    checkAdopts(channel);
    SocketMap owner = map == null ? Asyncore.socketMap() : map;
    AsyncSocket[] adopted = new AsyncSocket[1];
    adopted[0] =
        Channels.adopt(
            transport,
            channel,
            event -> {
              Dispatcher dispatcher = owner.get(adopted[0].fileno());
              if (dispatcher != null) UserEvent.post(dispatcher, event);
            });
    return adopted[0];
  }

  private static AsyncSocket socketOf(Dispatcher dispatcher, String method) {
    AsyncSocket socket = dispatcher.socket();
    if (socket == null) {
      throw new IllegalStateException(method + "() of a dispatcher without a socket");
    }
    if (socket.fileno() < 0) {
      throw new IllegalStateException(method + "() of a dispatcher whose socket is closed");
    }
    return socket;
  }
}
