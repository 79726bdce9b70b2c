package org.asyncore;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.asyncore.transport.AsyncSocket;

/**
 * Several loops, each with a map and a {@link LoopThread} of its own, and listeners that feed all
 * of them: one dispatcher class on many cores. Netty's event loop group.
 *
 * <p>A dispatcher is confined to the loop that it was made on, as in one {@code loop()}.
 * Dispatchers of different maps run at the same time: what they share needs care. To reach one from
 * another, use {@link SocketMap#execute} of its map.
 *
 * <p>On epoll each loop listens for itself, on one address by {@code SO_REUSEPORT}, and the kernel
 * deals connections out by their addresses. On NIO, and on Unix domain sockets, the first loop
 * listens, and hands connections to all loops in turn.
 *
 * <p>When an exception ends one loop, all stop, with {@link LoopThread#DEFAULT_DRAIN}: a part of a
 * group would look alive and serve nobody, or some. {@link LoopThread#uncaught} prevents that.
 *
 * <p>Safe from any thread. Owns its loops: {@link #close} stops them.
 */
public final class LoopGroup implements AutoCloseable {
  private final List<LoopThread> loops;
  private final List<GroupListener> listeners = new CopyOnWriteArrayList<>();
  private final AtomicInteger turns = new AtomicInteger();

  /** Loops named {@code asyncore-loop-NAME-0} and so on, over new maps. */
  public LoopGroup(String name, int loopCount) {
    this(name, loopCount, SocketMap::new);
  }

  /**
   * As {@link #LoopGroup(String, int)}, over maps of one's own making.
   *
   * @param maps gives a new map each time, for instance {@code () -> new SocketMap("nio")}
   */
  public LoopGroup(String name, int loopCount, Supplier<SocketMap> maps) {
    Objects.requireNonNull(name, "name is null");
    if (loopCount < 1) throw new IllegalArgumentException("loopCount < 1: " + loopCount);
    Objects.requireNonNull(maps, "maps is null");
    List<LoopThread> made = new ArrayList<>();
    for (int i = 0; i < loopCount; i++) {
      SocketMap map = maps.get();
      for (LoopThread before : made) {
        if (before.map() != map) continue;
        throw new IllegalArgumentException(
            "maps gave the same map twice, for loops " + made.indexOf(before) + " and " + i);
      }
      made.add(new LoopThread(name + "-" + i, map));
    }
    loops = List.copyOf(made);
    for (LoopThread loop : loops) loop.onFailure(() -> stop(LoopThread.DEFAULT_DRAIN));
  }

  /** The loops, for what is set before {@link #start}, and for what is asked of one of them. */
  public List<LoopThread> loops() {
    return loops;
  }

  /** One loop after another: for clients, and for what is not bound to one. */
  public LoopThread next() {
    return loops.get(Math.floorMod(turns.getAndIncrement(), loops.size()));
  }

  /**
   * The dispatchers that listen, as {@link #listen} has made them: for options and policies. A
   * limit of connections is one for each of them: on epoll for each loop.
   */
  public List<Dispatcher> listeners() {
    return List.copyOf(listeners);
  }

  /** Starts all threads, once; none of them if one was started, or stopped, before. */
  public LoopGroup start() {
    for (LoopThread loop : loops) loop.needNew("start");
    for (LoopThread loop : loops) loop.start();
    return this;
  }

  /**
   * Takes connections, for all loops. From any thread, before {@link #start} or later.
   *
   * <p>What the factory throws is logged, at {@code System.Logger}'s level ERROR, and its
   * connection closed; the listener stays. It stays as well when {@code accept} fails, for want of
   * descriptors for instance: then it waits, 5 ms at first and twice as long each time, up to a
   * second.
   *
   * @param address where; with port 0 the system chooses one, the same for all loops
   * @param backlog how many connections may wait to be accepted, for each listener
   * @param factory makes the dispatcher of a connection, on the thread of its loop: as a rule a
   *     constructor, {@code EchoHandler::new}, that calls {@code super(socket, map)}
   * @return where it listens
   * @throws org.asyncore.transport.OsException if it cannot; then nobody listens
   * @throws IllegalStateException if a loop is stopping or has ended
   */
  public SocketAddress listen(
      SocketAddress address,
      int backlog,
      BiFunction<AsyncSocket, SocketMap, ? extends Dispatcher> factory) {
    Objects.requireNonNull(address, "address is null");
    if (backlog < 0) throw new IllegalArgumentException("backlog < 0: " + backlog);
    Objects.requireNonNull(factory, "factory is null");
    for (LoopThread loop : loops) loop.needNotStopping("listen");
    List<AsyncSocket> sockets = Listening.sockets(loops, address, backlog);
    SocketAddress listening = sockets.get(0).getsockname(); // A stop() may close it any moment.
    boolean handsOn = sockets.size() < loops.size();
    for (int i = 0; i < sockets.size(); i++) {
      LoopThread loop = loops.get(i);
      Supplier<LoopThread> target = handsOn ? this::next : () -> loop;
      listeners.add(new GroupListener(sockets.get(i), loop, target, factory));
    }
    for (GroupListener listener : listeners) listener.stopIfLate();
    return listening;
  }

  /**
   * Begins to stop all loops: {@link LoopThread#stop}. Listeners close also if none has started.
   */
  public void stop(Duration drain) {
    for (LoopThread loop : loops) loop.stop(drain);
    for (GroupListener listener : listeners) listener.closeIfOver();
  }

  /**
   * Waits for the end of all loops.
   *
   * @return whether it has come within this time
   * @throws LoopFailedException if an exception has ended one; further ones are suppressed
   * @throws IllegalStateException on one of its own threads
   */
  public boolean join(Duration limit) throws InterruptedException {
    Objects.requireNonNull(limit, "limit is null");
    if (limit.isNegative()) throw new IllegalArgumentException("limit < 0: " + limit);
    for (LoopThread loop : loops) loop.needOther("join");
    long start = System.nanoTime();
    for (LoopThread loop : loops) {
      Duration left = limit.minusNanos(System.nanoTime() - start);
      if (!loop.awaitEnd(left.isNegative() ? Duration.ZERO : left)) return false;
    }
    forEach(LoopThread::throwFailure);
    return true;
  }

  /** Stops all loops at the same time, and waits for them: {@link LoopThread#close}. */
  @Override
  public void close() {
    for (LoopThread loop : loops) loop.needOther("close");
    stop(LoopThread.DEFAULT_DRAIN);
    forEach(LoopThread::close);
  }

  private void forEach(Consumer<LoopThread> action) {
    RuntimeException failure = null;
    for (LoopThread loop : loops) {
      try {
        action.accept(loop);
      } catch (LoopFailedException failed) {
        if (failure == null) failure = failed;
        else failure.addSuppressed(failed);
      }
    }
    if (failure != null) throw failure;
  }

  @Override
  public String toString() {
    return loops.toString();
  }
}
