package org.asyncore.migrate;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.NettyIo;
import org.asyncore.transport.AsyncSocket;

/**
 * Where the dispatchers of a test live: in a {@code loop()} of one transport, or hosted in
 * pipelines of a group with threads of its own. The test looks the same.
 */
final class TlsWorld {
  static final int LIMIT_MILLIS = 20_000;
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** What the dispatchers of the test were told, in order; guarded by itself. */
  private final List<String> calls = new ArrayList<>();

  /** Null if hosted. */
  private final SocketMap map;

  /** Null in a loop. */
  private final MultiThreadIoEventLoopGroup group;

  private Channel listening;

  /**
   * @param place {@code nio}, {@code epoll} or {@code hosted}
   */
  TlsWorld(String place) {
    boolean isHosted = place.equals("hosted");
    if (place.equals("epoll")) NettyIo.EPOLL.assumeAvailable();
    map = isHosted ? null : new SocketMap(place);
    group = isHosted ? new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory()) : null;
  }

  boolean isHosted() {
    return group != null;
  }

  SocketMap map() {
    return map;
  }

  // --- dispatchers ---

  /** Serves each connection by a dispatcher that is prepared in its constructor's thread. */
  InetSocketAddress serve(DispatcherFactory factory) {
    if (!isHosted()) return (InetSocketAddress) new Server(factory).socket().getsockname();
    listening =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(DispatcherHandler.each(factory))
            .bind(ANY_PORT)
            .syncUninterruptibly()
            .channel();
    return (InetSocketAddress) listening.localAddress();
  }

  private final class Server extends Dispatcher {
    private final DispatcherFactory factory;

    Server(DispatcherFactory factory) {
      super(TlsWorld.this.map);
      this.factory = factory;
      createSocket();
      bind(ANY_PORT);
      listen(1000); // As many clients may come at once.
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      factory.create(socket, TlsWorld.this.map);
    }
  }

  /** Connects a talker, prepared when it has a socket. */
  Talker connect(SocketAddress address, Consumer<Talker> prepare) {
    CompletableFuture<Talker> made = new CompletableFuture<>();
    connect(
        address,
        (socket, map) -> {
          made.complete(new Talker(this, "client", socket, map, prepare));
          return made.join();
        });
    Talker talker = made.join();
    if (isHosted()) return talker;
    talker.createSocket();
    prepare.accept(talker);
    talker.connect(address);
    return talker;
  }

  /** Connects; in a loop the dispatcher gets no socket, and has to do that itself. */
  void connect(SocketAddress address, DispatcherFactory factory) {
    if (!isHosted()) {
      factory.create(null, map);
      return;
    }
    new Bootstrap()
        .group(group)
        .channel(NioSocketChannel.class)
        .handler(DispatcherHandler.each(factory))
        .connect(address)
        .syncUninterruptibly();
  }

  /** Does something where the dispatcher may be touched. */
  void call(Dispatcher dispatcher, Runnable action) {
    if (isHosted()) {
      DispatcherChannels.channel(dispatcher).eventLoop().submit(action).syncUninterruptibly();
    } else {
      action.run();
    }
  }

  // --- what was told, and waiting ---

  void told(String call) {
    synchronized (calls) {
      calls.add(call);
      calls.notifyAll();
    }
  }

  List<String> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  /** Whether there was a call that begins so. */
  boolean wasTold(String start) {
    return calls().stream().anyMatch(call -> call.startsWith(start));
  }

  void untilTold(String start) throws InterruptedException {
    until(() -> wasTold(start), start);
  }

  void until(BooleanSupplier holds, String awaited) throws InterruptedException {
    if (!isHosted()) {
      Until.pass(map, holds, awaited, this::calls);
      return;
    }
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS);
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("waited in vain for " + awaited + "; " + calls());
      }
      synchronized (calls) {
        calls.wait(2);
      }
    }
  }

  /** Goes on, for as long as it takes, until peers with limits of their own are done. */
  void pass(CompletableFuture<?> peers, Supplier<?> state) throws Exception {
    while (!isHosted() && !peers.isDone()) Asyncore.loop(0.05, true, map, 1);
    try {
      peers.get();
    } catch (ExecutionException failed) {
      throw new AssertionError(state.get() + ", " + calls(), failed.getCause());
    }
  }

  /** A peer's part, which may block. */
  interface Talk<T> {
    T run() throws Exception;
  }

  /** Runs a peer's part beside the dispatchers, and gives what it came to. */
  <T> T beside(Talk<T> talk) throws Exception {
    CompletableFuture<T> done = start(talk);
    until(done::isDone, "the peer to finish");
    return done.get(1, TimeUnit.SECONDS);
  }

  /** Starts a peer's part. */
  static <T> CompletableFuture<T> start(Talk<T> talk) {
    CompletableFuture<T> done = new CompletableFuture<>();
    Until.inAThread(
        () -> {
          try {
            done.complete(talk.run());
          } catch (Throwable failed) {
            done.completeExceptionally(failed);
          }
        });
    return done;
  }

  void close() throws InterruptedException {
    if (!isHosted()) {
      Asyncore.closeAll(map, true);
      return;
    }
    group
        .shutdownGracefully(1, 5000, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(10, TimeUnit.SECONDS);
  }
}
