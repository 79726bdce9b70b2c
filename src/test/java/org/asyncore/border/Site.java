package org.asyncore.border;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.ServerChannel;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.ScheduledCall;
import org.asyncore.SocketMap;
import org.asyncore.migrate.Certificates;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.migrate.DispatcherHandler;
import org.asyncore.migrate.Tls;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;

/**
 * Where the guests of a row live, and what runs them: all on the thread of the test, so that
 * nothing happens but what the test lets happen.
 */
final class Site implements AutoCloseable {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final double WAIT_SECONDS = 0.001;
  static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** Made once: it takes longer than a row. */
  private static SslContext secrets;

  final Row row;
  final Watch watch = new Watch();

  /** The map whose loop runs the guests; null on an event loop that is nobody's map's. */
  private final SocketMap map;

  /** The map that accepts: another one only in {@link Mode#MOVED}. */
  private final SocketMap accepting;

  /** In which hosted guests find each other; null elsewhere. */
  private final SocketMap hosted;

  /** Null where there is a map. */
  private final ManualIoEventLoop loop;

  private final SocketAddress address;
  private final Listener listener;
  private final Channel server;
  private final List<Remote> remotes = new ArrayList<>();

  /** Below the guests, so that no failure leaves one to linger. */
  private final List<Channel> channels = new ArrayList<>();

  private String nextName;
  private Consumer<Guest> prepare;
  private Guest made;

  Site(Row row) {
    row.assumeAvailable();
    this.row = row;
    boolean isForeign = row.mode().isForeign();
    map = isForeign ? null : newMap();
    accepting = row.mode() == Mode.MOVED ? newMap() : map;
    hosted = row.mode().isHosted() ? DispatcherHandler.newMap() : null;
    loop = isForeign ? newLoop() : null;
    boolean isBootstrapped = row.mode().isHosted() || row.mode() == Mode.ADOPTED;
    listener = isBootstrapped ? null : new Listener();
    server = isBootstrapped ? bind() : null;
    address = isBootstrapped ? server.localAddress() : listener.socket().getsockname();
  }

  private SocketMap newMap() {
    SocketMap made = new SocketMap(row.transport());
    made.keepRunning(true);
    if (row.mode() == Mode.READ_AHEAD) made.readAhead(true);
    return made;
  }

  private ManualIoEventLoop newLoop() {
    return new ManualIoEventLoop(Thread.currentThread(), row.io().handlers());
  }

  static synchronized SslContext secrets() {
    if (secrets != null) return secrets;
    try {
      secrets = Certificates.LOCALHOST.server().build();
      return secrets;
    } catch (Exception e) {
      throw new AssertionError("no certificate to test with", e);
    }
  }

  // --- how guests come ---

  /** A guest and the other end of its connection. */
  record Met(Guest guest, Remote remote) {
    Script script() {
      return guest.script();
    }

    Dispatcher dispatcher() {
      return guest.dispatcher();
    }

    Channel channel() {
      return DispatcherChannels.channel(guest.dispatcher());
    }
  }

  /** A new connection, that is up on both sides. */
  Met meet(String name) {
    return meet(name, 0);
  }

  /**
   * As {@link #meet(String)}.
   *
   * @param buffers how much the system keeps of each stream; 0 for as much as it likes
   */
  Met meet(String name, int buffers) {
    return meet(
        name,
        buffers,
        guest -> {
          if (buffers == 0) return;
          guest.dispatcher().socket().setsockopt(StandardSocketOptions.SO_SNDBUF, buffers);
        });
  }

  /**
   * A new connection, that is up on both sides.
   *
   * @param prepare what is done as soon as the guest is made
   */
  Met meet(String name, Consumer<Guest> prepare) {
    return meet(name, 0, prepare);
  }

  private Met meet(String name, int receiveBuffer, Consumer<Guest> prepare) {
    Remote remote = call(name, receiveBuffer);
    Guest guest = await(name, prepare);
    remote.start(row.mode().isTls());
    until(() -> isReady(guest, remote), "handshake of " + name);
    return new Met(guest, remote);
  }

  /** Whether both sides are done with what comes before the first bytes. */
  boolean isReady(Guest guest, Remote remote) {
    boolean isTold = !row.mode().isTls() || guest.script().count("handleUserEvent") > 0;
    return remote.end() != null || (remote.isReady() && isTold);
  }

  /** A connection that the guests' side need not have looked at yet. */
  Remote call(String name) {
    return call(name, 0);
  }

  Remote call(String name, int receiveBuffer) {
    Remote remote = Remote.to(address, receiveBuffer);
    remotes.add(remote);
    watch.note(name + " calls");
    return remote;
  }

  /** Runs passes until the next connection has its guest. */
  Guest await(String name, Consumer<Guest> prepare) {
    nextName = name;
    this.prepare = prepare;
    made = null;
    until(() -> made != null, "guest " + name);
    return made;
  }

  private Guest newGuest(AsyncSocket socket, SocketMap of) {
    Guest guest = Guest.of(row.kind(), nextName, watch, socket, of);
    if (row.mode() == Mode.IN_FRONT) {
      DispatcherChannels.pipeline(guest.dispatcher()).addFirst(new Passive());
    }
    if (row.mode() == Mode.TLS) Tls.start(guest.dispatcher(), secrets());
    prepare.accept(guest);
    channels.add(DispatcherChannels.channel(guest.dispatcher()));
    made = guest;
    return guest;
  }

  /** Stands in a pipeline and does nothing, which alone has the pipeline carry the bytes. */
  private static final class Passive extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.fireChannelRead(message);
    }
  }

  private final class Listener extends Dispatcher {
    Listener() {
      super(Site.this.accepting);
      createSocket();
      bind(ANY_PORT);
      listen(50);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress from) {
      newGuest(socket, Site.this.map);
    }
  }

  private Channel bind() {
    EventLoopGroup group = loop != null ? loop : DispatcherChannels.eventLoopGroup(map);
    Channel bound =
        new ServerBootstrap()
            .group(group)
            .channel(serverChannelClass())
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    welcome(channel);
                  }
                })
            .bind(ANY_PORT)
            .channel();
    until(() -> bound.localAddress() != null, "listening channel");
    return bound;
  }

  private Class<? extends ServerChannel> serverChannelClass() {
    if (map != null) return DispatcherChannels.serverChannelClass(map, Family.INET);
    return row.io().serverChannel();
  }

  private void welcome(Channel channel) {
    if (row.mode() == Mode.ADOPTED) {
      channel.pipeline().addLast(new Adopter());
      return;
    }
    if (row.mode().isTls()) channel.pipeline().addLast(secrets().newHandler(channel.alloc()));
    ChannelHandler host =
        new DispatcherHandler((socket, of) -> newGuest(socket, of).dispatcher(), hosted);
    channel.pipeline().addLast(host, new Escapes());
  }

  /** What a hosted guest lets out has nobody else to go to. */
  private final class Escapes extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      watch.wrong("out of a guest: " + cause);
    }
  }

  private final class Adopter extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      context.pipeline().remove(this);
      newGuest(DispatcherChannels.adopt(map, context.channel()), map);
    }
  }

  /** Where guests are accepted. */
  SocketAddress address() {
    return address;
  }

  /** The map whose loop runs the guests; null where there is none. */
  SocketMap map() {
    return map;
  }

  /** The map that the guests are in. */
  SocketMap guests() {
    return hosted != null ? hosted : map;
  }

  EventLoop eventLoop() {
    return loop != null ? loop : (EventLoop) DispatcherChannels.eventLoopGroup(map).next();
  }

  // --- running ---

  /** A task of a pass or turn to come. */
  void task(Runnable task) {
    if (map != null) map.execute(task);
    else loop.execute(task);
  }

  /** A call of a pass or turn to come, a millisecond from now. */
  void timer(Runnable task) {
    if (map != null) map.callLater(Duration.ofMillis(1), task);
    else loop.schedule(task, 1, TimeUnit.MILLISECONDS);
  }

  /** Some passes, which do not wait. */
  void passes(int count) {
    for (int i = 0; i < count; i++) turn(0);
  }

  /** Runs passes until this holds, five seconds at most. */
  void until(BooleanSupplier holds, String what) {
    long start = System.nanoTime();
    if (row.mode() == Mode.READ_AHEAD && map != null) {
      loopUntil(() -> holds.getAsBoolean() || System.nanoTime() - start > LIMIT_NANOS);
    }
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - start > LIMIT_NANOS) throw new AssertionError(late(what));
      turn(WAIT_SECONDS);
    }
  }

  private String late(String what) {
    return "no " + what + " after 5 s in " + row + "; remotes " + remotes + "; " + watch;
  }

  /** By one endless loop, which alone reads ahead; it leaves as one that is interrupted. */
  private void loopUntil(BooleanSupplier holds) {
    if (holds.getAsBoolean()) return;
    ScheduledCall looking =
        map.callEvery(
            Duration.ofMillis(1),
            () -> {
              if (holds.getAsBoolean()) Thread.currentThread().interrupt();
            });
    try {
      Asyncore.loop(Asyncore.FOREVER, row.usePoll(), map);
      throw new AssertionError("the loop ended by itself; " + watch);
    } catch (InterruptedException asked) {
      looking.cancel();
    }
  }

  /** A pass, or what is one where there is no map. */
  void turn(double waitSeconds) {
    if (loop != null) {
      if (waitSeconds == 0) loop.runNow();
      else loop.run((long) (waitSeconds * 1e9));
      return;
    }
    try {
      if (accepting != map) Asyncore.loop(0, row.usePoll(), accepting, 1);
      Asyncore.loop(waitSeconds, row.usePoll(), map, 1);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted in a pass; " + watch, e);
    }
  }

  /** Fails with all that was found wrong. */
  void judge() {
    if (watch.wrong().isEmpty()) return;
    throw new AssertionError(row + ": " + String.join("; ", watch.wrong()) + "\n" + watch);
  }

  @Override
  public void close() {
    for (Remote remote : remotes) remote.close();
    for (Channel channel : channels) channel.close();
    if (server != null) server.close();
    try {
      if (map != null) {
        map.keepRunning(false);
        Asyncore.closeAll(map, true);
      }
      if (accepting != map) {
        accepting.keepRunning(false);
        Asyncore.closeAll(accepting, true);
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted in closeAll; " + watch, e);
    }
    if (hosted != null) for (Dispatcher guest : hosted) guest.close();
    if (loop == null) return;
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    while (!loop.isTerminated()) loop.runNow();
  }
}
