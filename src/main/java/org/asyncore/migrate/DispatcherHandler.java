package org.asyncore.migrate;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPromise;
import java.net.SocketAddress;
import java.util.Objects;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.netty.HostedTransport;
import org.asyncore.netty.pipeline.PipelineEnd;
import org.asyncore.transport.AsyncSocket;
import org.jspecify.annotations.Nullable;

/**
 * Hosts a dispatcher, unchanged, as the last handler of a pipeline that a bootstrap of one's own
 * builds: on any event loop group, with any number of threads, and without {@code loop()}.
 *
 * <pre>{@code
 * new ServerBootstrap()
 *     .group(new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory()))
 *     .channel(NioServerSocketChannel.class)
 *     .childHandler(DispatcherHandler.each(EchoHandler::new))
 *     .bind(8007);
 * }</pre>
 *
 * <p>The dispatcher is called when its own channel has news, in poll's order: read, write, hang-up.
 * It is read as long as it takes bytes. {@code handleWrite} comes when there is room again and when
 * another callback may have left something to send; it does not spin. Whoever changes what {@code
 * readable()} or {@code writable()} say from outside the dispatcher's own callbacks calls {@link
 * Dispatcher#interestChanged}.
 *
 * <p>An exception goes to {@code handleError}, as from {@code loop()}. What would leave {@code
 * loop()}, such as {@code ExitNow}, has no caller here: the channel closes, and {@code
 * exceptionCaught} tells the next handler. Removed from its pipeline, the handler passes on the
 * bytes that nobody asked for, and its dispatcher leaves its map without a callback.
 *
 * <p>A handler behind it hears what it would hear without it, but for reads and their ends.
 *
 * <p>One for each channel. Confined to the channel's event loop, as all callbacks are.
 */
public final class DispatcherHandler extends ChannelDuplexHandler {
  private final DispatcherFactory factory;
  private final SocketMap map;
  private final HostedTransport transport;
  private @Nullable HostedDispatch dispatch;

  /** A handler for one channel, whose dispatcher gets a map of its own. */
  public DispatcherHandler(DispatcherFactory factory) {
    this(factory, newMap());
  }

  /**
   * A handler for one channel, whose dispatcher shares a map with others.
   *
   * @param map one that {@link #newMap} made
   */
  public DispatcherHandler(DispatcherFactory factory, SocketMap map) {
    this.factory = Objects.requireNonNull(factory, "factory is null");
    this.map = Objects.requireNonNull(map, "map is null");
    if (!(map.transport() instanceof HostedTransport hosted)) {
      throw new IllegalArgumentException(
          "a map with a loop of its own: hosted dispatchers need one of newMap()"
              + " (docs/differences.md#hosted-in-a-pipeline)");
    }
    transport = hosted;
  }

  /**
   * A map for hosted dispatchers, to find each other in. Nobody loops it. Whoever goes over it
   * calls others on his own thread: their channels should then have the same event loop.
   */
  public static SocketMap newMap() {
    return new SocketMap(new HostedTransport());
  }

  /** Puts a handler at the end of each new channel's pipeline: for {@code childHandler}. */
  public static ChannelHandler each(DispatcherFactory factory) {
    Objects.requireNonNull(factory, "factory is null");
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel channel) {
        channel.pipeline().addLast(new DispatcherHandler(factory));
      }
    };
  }

  /** The dispatcher; null before the handler is in a pipeline. */
  public @Nullable Dispatcher dispatcher() {
    return dispatch == null ? null : dispatch.dispatcher();
  }

  // --- the pipeline ---

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    if (dispatch != null) throw new IllegalStateException("a DispatcherHandler hosts one channel");
    HostedDispatch made = new HostedDispatch(transport, context);
    dispatch = made; // A constructor may send, and the pipeline tell of that, before it returns.
    Dispatcher dispatcher;
    try {
      dispatcher = factory.create(made.socket(), map);
    } catch (Throwable thrown) {
      dispatch = null;
      map.remove(made.socket().fileno());
      made.socket().close();
      throw thrown;
    }
    checkHosted(dispatcher, made);
    made.host(dispatcher);
  }

  /** Otherwise somebody would call it twice, or nobody. */
  private void checkHosted(Dispatcher dispatcher, HostedDispatch made) {
    AsyncSocket socket = made.socket();
    String fault = null;
    if (dispatcher == null) fault = "made no dispatcher";
    else if (dispatcher.socket() != socket) fault = "made a dispatcher over another socket";
    else if (socket.fileno() >= 0 && map.get(socket.fileno()) != dispatcher)
      fault = "made a dispatcher that is not in the map it was given";
    if (fault == null) return;
    dispatch = null;
    if (dispatcher != null && dispatcher.socket() == socket) dispatcher.delChannel();
    map.remove(socket.fileno());
    made.refuse();
    throw new IllegalStateException(
        "the factory "
            + fault
            + ": use super(socket, map) (docs/differences.md#hosted-in-a-pipeline)");
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (dispatch != null) dispatch.removed();
  }

  /** There while this is in a pipeline. */
  private PipelineEnd end() {
    return Objects.requireNonNull(dispatch, "dispatch is null").end();
  }

  @Override
  public void connect(
      ChannelHandlerContext context,
      SocketAddress remote,
      SocketAddress local,
      ChannelPromise promise) {
    end().connect(context, remote, local, promise);
  }

  @Override
  public void read(ChannelHandlerContext context) {
    end().read(context);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    end().channelActive(context);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    end().channelRead(context, message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    end().channelReadComplete(context);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    end().channelWritabilityChanged(context);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    end().userEventTriggered(context, event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    end().exceptionCaught(context, cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end().channelInactive(context);
  }
}
