package org.asyncore.strangers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.traffic.ChannelTrafficShapingHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.asyncore.Dispatcher;
import org.asyncore.LoopThread;
import org.asyncore.SocketMap;
import org.asyncore.fixture.NettyIo;
import org.asyncore.limits.Timeouts;
import org.asyncore.migrate.Certificates;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.migrate.DispatcherHandler;
import org.asyncore.migrate.Tls;
import org.asyncore.transport.AsyncSocket;

/** The server: two loops and an event loop of Netty's, with a listener for each service. */
final class House implements AutoCloseable {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final int BACKLOG = 512;
  private static final Duration IDLE = Duration.ofSeconds(5);
  private static final long SHAPED_BYTES = 50L << 20;
  private static final long SHAPING_MILLIS = 50;
  private static final Duration TASKS_EVERY = Duration.ofMillis(50);
  private static final int TASKS = 200;
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  private final NettyIo io;
  private final LoopThread first;
  private final LoopThread second;
  private final EventLoopGroup group;
  private final SocketMap hosted = DispatcherHandler.newMap();
  private final SslContext tls;
  private final Map<Service, InetSocketAddress> doors = new ConcurrentHashMap<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private int listeners;

  House(String transport, boolean usePoll) throws Exception {
    io = NettyIo.named(transport);
    tls = Certificates.LOCALHOST.server().build();
    first = loop("first", transport, usePoll);
    second = loop("second", transport, usePoll);
    group = new MultiThreadIoEventLoopGroup(1, io.handlers());
    for (Service each : Service.values()) doors.put(each, open(each));
    first.start();
    second.start();
    mischief(first);
    mischief(second);
  }

  private LoopThread loop(String name, String transport, boolean usePoll) {
    SocketMap map = new SocketMap(transport);
    map.dispatchByIdentity(true); // Else an event for who has left may be told to who has come.
    return new LoopThread(name, map)
        .usePoll(usePoll)
        .daemon(true)
        .uncaught((thread, thrown) -> failed(thrown));
  }

  void failed(Throwable thrown) {
    failure.compareAndSet(null, thrown);
  }

  /** What no peer can have caused; null for nothing. */
  Throwable failure() {
    return failure.get();
  }

  InetSocketAddress door(Service service) {
    return doors.get(service);
  }

  /** Whether nobody is served. */
  boolean isEmpty() {
    return first.map().size() + second.map().size() == listeners && hosted.size() == 0;
  }

  @Override
  public String toString() {
    return "loops with "
        + first.map().values()
        + ", "
        + second.map().values()
        + ", hosted "
        + hosted.values();
  }

  // --- doors ---

  private InetSocketAddress open(Service service) throws InterruptedException {
    boolean isHosted = service == Service.HOSTED || service == Service.HOSTED_TLS;
    return isHosted ? bootstrap(service) : listen(service);
  }

  private InetSocketAddress listen(Service service) {
    boolean isOfSecond = service == Service.IDLE || service == Service.SHAPED;
    LoopThread loop = isOfSecond ? second : first;
    listeners++;
    return (InetSocketAddress) new Door(service, loop.map()).socket().getsockname();
  }

  private final class Door extends Dispatcher {
    private final Service service;

    Door(Service service, SocketMap map) {
      super(map);
      this.service = service;
      createSocket();
      bind(ANY_PORT);
      super.listen(BACKLOG);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      welcome(service, socket, map());
    }

    @Override
    public void handleError(Throwable thrown) {
      if (!(thrown instanceof Refusal)) failed(thrown);
    }
  }

  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private void welcome(Service service, AsyncSocket socket, SocketMap map) {
    switch (service) {
      case PLAIN -> new Echo(socket, map, this::failed);
      case TLS -> Tls.start(new Echo(socket, map, this::failed), tls);
      case IDLE -> Timeouts.of(new Echo(socket, map, this::failed)).idle(IDLE);
      case SHAPED ->
          DispatcherChannels.pipeline(new Echo(socket, map, this::failed))
              .addFirst(
                  new ChannelTrafficShapingHandler(SHAPED_BYTES, SHAPED_BYTES, SHAPING_MILLIS));
      case EAGER ->
          DispatcherChannels.pipeline(new Echo(socket, map, this::failed)).addFirst(new Eager());
      case HANDED_OVER -> new HandedOver(socket, map);
      case RELAYED -> relay(socket);
      case REFUSING -> throw new Refusal();
      case HOSTED, HOSTED_TLS -> throw new AssertionError("its bootstrap takes them");
    }
  }

  private static final class Eager extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.channel().config().setAutoRead(true);
      context.fireChannelRead(message);
    }
  }

  private final class HandedOver extends Echo {
    HandedOver(AsyncSocket socket, SocketMap map) {
      super(socket, map, House.this::failed);
    }

    @Override
    void came(byte[] bytes) {
      DispatcherChannels.channel(this).config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
      DispatcherChannels.migrateTo(this, new NettyEcho(), bytes);
    }
  }

  /** As {@link Echo}, with Netty's own means. */
  private static final class NettyEcho extends ChannelInboundHandlerAdapter {
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.writeAndFlush(message);
      context.channel().config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      context.channel().config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event != ChannelInputShutdownEvent.INSTANCE) return;
      context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close(); // A reset.
    }
  }

  /** The other side is of the other loop. */
  private void relay(AsyncSocket socket) {
    Relay near = new Relay(socket, first.map(), this::failed);
    Relay far = new Relay(second.map(), this::failed);
    near.other(far);
    far.other(near);
    second.execute(() -> far.open(door(Service.PLAIN)));
  }

  private InetSocketAddress bootstrap(Service service) throws InterruptedException {
    return (InetSocketAddress)
        new ServerBootstrap()
            .group(group)
            .channel(io.serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (service.isTls())
                      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                    channel.pipeline().addLast(new DispatcherHandler(House.this::host, hosted));
                  }
                })
            .bind(ANY_PORT)
            .sync()
            .channel()
            .localAddress();
  }

  private Dispatcher host(AsyncSocket socket, SocketMap map) {
    return new Echo(socket, map, this::failed);
  }

  // --- what goes on beside ---

  /** Tasks that beget tasks, and pipes that hang up while nobody wants to read them. */
  private void mischief(LoopThread loop) {
    loop.map().callEvery(TASKS_EVERY, () -> beget(loop, TASKS));
  }

  private static void beget(LoopThread loop, int more) {
    if (more > 0 && loop.state() == LoopThread.State.RUNNING) {
      loop.execute(() -> beget(loop, more - 1));
    }
  }

  @Override
  public void close() {
    first.stop(STOP_LIMIT);
    second.stop(STOP_LIMIT);
    group.shutdownGracefully(0, STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    group.terminationFuture().syncUninterruptibly();
    await(first);
    await(second);
  }

  private static void await(LoopThread loop) {
    try {
      if (!loop.join(STOP_LIMIT.multipliedBy(2))) throw new AssertionError("no end of " + loop);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting for " + loop, e);
    }
  }
}
