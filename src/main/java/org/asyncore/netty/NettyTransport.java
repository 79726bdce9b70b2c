package org.asyncore.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.Epoll;
import io.netty.util.concurrent.Future;
import java.nio.channels.SelectableChannel;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.LongSupplier;
import org.asyncore.transport.AsyncFile;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.Pipe;
import org.asyncore.transport.Pollster;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.Transport;

/**
 * Sockets on Netty channels, and one event loop for them: epoll where Netty's native library loads,
 * NIO elsewhere.
 *
 * <p>Owns the loop's selector, which is released when neither the transport nor an open socket of
 * it can be reached any more.
 */
public final class NettyTransport implements Transport {
  private static final String PROPERTY = "org.asyncore.transport";

  private final Kernel kernel;
  private final String reason;
  private final TurnEventLoop loop;

  /** Those, open or closed, whose channels have bytes that the kernel did not take yet. */
  private final Set<Unsent> flushing = new LinkedHashSet<>();

  /** Sockets that callbacks have sent on since the last {@link #flush}. */
  private final HeldSends held = new HeldSends();

  private final Queue<Runnable> posted = new ArrayDeque<>(0);
  private volatile boolean awaitsChannels;
  private boolean wasBusy;

  /** Whose registrations the sockets' gates follow: the last one that a pass began with. */
  private NettyPollster asking;

  /** Who is in an endless loop; null for nobody. */
  private volatile Thread staying;

  /** Whether a pass that waits has to end its wait, to ask again. */
  private volatile boolean woken;

  private NettyTransport(Kernel kernel, String reason) {
    this.kernel = kernel;
    this.reason = reason;
    loop = new TurnEventLoop(kernel.handlers());
  }

  /**
   * Opens the transport that {@code -Dorg.asyncore.transport} names: {@code auto}, {@code epoll} or
   * {@code nio}.
   */
  public static NettyTransport open() {
    return open(System.getProperty(PROPERTY, "auto"));
  }

  /** As {@link #open()}, with the name given. */
  public static NettyTransport open(String name) {
    NettyTransport transport =
        switch (name) {
          case "auto" -> best();
          case "epoll" -> epoll();
          case "nio" -> new NettyTransport(new NioKernel(), "it was asked for by name");
          default ->
              throw new IllegalArgumentException(
                  "transport is not auto, epoll or nio: " + name + " (-D" + PROPERTY + ")");
        };
    TurnEventLoop loop = transport.loop; // Reaches the transport through open sockets, and only so.
    Background.whenGarbage(transport, loop::close);
    System.getLogger("org.asyncore")
        .log(System.Logger.Level.DEBUG, "transport {0}: {1}", transport.name(), transport.reason());
    return transport;
  }

  private static NettyTransport best() {
    EpollNative library = EpollNative.here();
    library.check();
    if (Epoll.isAvailable()) return new NettyTransport(new EpollKernel(), "epoll is available");
    String reason = library.whyNot(Epoll.unavailabilityCause());
    return new NettyTransport(new NioKernel(), "no epoll: " + reason);
  }

  private static NettyTransport epoll() {
    EpollNative library = EpollNative.here();
    library.check();
    if (Epoll.isAvailable())
      return new NettyTransport(new EpollKernel(), "it was asked for by name");
    Throwable cause = Epoll.unavailabilityCause();
    throw new IllegalStateException(
        "transport epoll is not available here: " + library.whyNot(cause), cause);
  }

  Kernel kernel() {
    return kernel;
  }

  TurnEventLoop loop() {
    return loop;
  }

  /** The loop, for native bootstraps: their channels are served in the same passes. */
  public IoEventLoopGroup eventLoopGroup() {
    return loop;
  }

  /** Whether a loop goes on while native channels are open, though its map is empty. */
  public void awaitChannels(boolean await) {
    awaitsChannels = await;
  }

  @Override
  public boolean isBusy() {
    return awaitsChannels && loop.handler().nativeCount() > 0;
  }

  @Override
  public void closeOthers() {
    if (!loop.enterUnlessCalling()) {
      loop.execute(this::closeOthers);
      return;
    }
    try {
      for (Channel each : loop.handler().nativeChannels()) closeNative(each);
      kernel.letGoOfClosed(loop);
    } finally {
      loop.exit();
    }
  }

  private void closeNative(Channel channel) {
    NativeEnd end = new NativeEnd(channel);
    if (end.close()) return;
    flushing(end, true);
    channel.closeFuture().addListener(closed -> flushing(end, false));
  }

  /** Whether the last native channel that was waited for has closed; asking forgets it. */
  boolean channelsHaveEnded() {
    boolean before = wasBusy;
    wasBusy = isBusy();
    return before && !wasBusy;
  }

  @Override
  public String name() {
    return kernel.name();
  }

  @Override
  public String reason() {
    return reason;
  }

  @Override
  public AsyncSocket socket(Family family, SocketType type) {
    boolean hasTurn = loop.enterUnlessCalling();
    try {
      if (type == SocketType.DGRAM) return new DatagramChannelSocket(this, family, hasTurn);
      return ChannelSocket.fresh(this, family, hasTurn);
    } finally {
      if (hasTurn) loop.exit();
    }
  }

  @Override
  public AsyncFile file(int descriptor) {
    return kernel.descriptors().file(this, descriptor);
  }

  @Override
  public AsyncFile file(SelectableChannel channel) {
    return kernel.descriptors().file(this, channel);
  }

  @Override
  public Pipe pipe() {
    return kernel.descriptors().pipe();
  }

  @Override
  public Pollster pollster() {
    return new NettyPollster(this);
  }

  @Override
  public void takeTurn() throws InterruptedException {
    loop.takeTurn();
  }

  @Override
  public void giveTurn() {
    loop.giveTurn();
  }

  @Override
  public void stay(Stay stay) throws InterruptedException {
    Thread outer = staying;
    staying = Thread.currentThread();
    try {
      if (loop.inEventLoop() || !LongStay.isDue()) stay.passes(); // A nested loop ends soon.
      else LongStay.run(stay);
    } finally {
      staying = outer;
    }
  }

  @Override
  public boolean isServedElsewhere() {
    if (loop.inEventLoop()) return false;
    Thread looping = staying;
    return (looping != null && looping != Thread.currentThread()) || loop.isInPass();
  }

  @Override
  public void wakeup() {
    loop.wakeup();
  }

  /** Registers a channel with the loop, its events held back for the socket. */
  Gate register(Channel channel, Polled socket) {
    loop.handler().registerNextFor(socket);
    ChannelPromise registered = channel.newPromise();
    channel.unsafe().register(loop, registered);
    if (!registered.isSuccess()) {
      socket.registrationEnds(); // It never began.
      channel.unsafe().closeForcibly();
      throw ErrnoMapping.osException(registered.cause());
    }
    return loop.handler().gateOf(channel);
  }

  /** Registers a handle of ours with the loop, its events held back for the file. */
  Gate register(IoHandle handle, Polled file) {
    loop.handler().registerNextFor(file);
    Future<IoRegistration> registered = loop.register(handle);
    if (!registered.isSuccess()) throw ErrnoMapping.osException(registered.cause());
    return loop.handler().gateOf(handle);
  }

  /** Whether this pollster was the last one that a pass began with; it is from now on. */
  boolean asks(NettyPollster pollster) {
    woken = false;
    boolean stands = asking == pollster;
    asking = pollster;
    return stands;
  }

  boolean isWoken() {
    return woken;
  }

  @Override
  public void interestChanged(AsyncSocket socket) {
    woken = true;
    if (!loop.inEventLoop()) loop.wakeup();
  }

  /** Has the next pass call this, before its dispatchers; for the holder of the turn. */
  public void post(Runnable call) {
    posted.add(call);
  }

  /** Ends the wait of a pass, or of the next one; for the holder of the turn. */
  public void endWait() {
    post(() -> {});
  }

  boolean hasPosted() {
    return !posted.isEmpty();
  }

  int postedCount() {
    return posted.size();
  }

  Runnable posted() {
    return posted.poll();
  }

  /** What callbacks have sent that is to leave after them. */
  HeldSends heldSends() {
    return held;
  }

  /** Flushes the sockets that wait for it, but for those that this pass may leave waiting. */
  void flush(NettyPollster pass) {
    if (!held.isEmpty()) held.flush(pass);
  }

  /** Whether sends wait that a pass may leave waiting; for a pass that has just flushed. */
  boolean holdsBackSends() {
    return !held.isEmpty();
  }

  /** Flushes all sockets that wait for it; for the holder of the turn. */
  void flushAll() {
    flush(null);
  }

  @Override
  public void flush() {
    if (held.isEmpty()) return; // What the caller's own passes have left, it sees.
    if (!loop.enterUnlessCalling()) return; // Another thread's pass flushes it.
    try {
      flushAll();
    } finally {
      loop.exit();
    }
  }

  void flushing(Unsent socket, boolean isFlushing) {
    if (isFlushing) flushing.add(socket);
    else flushing.remove(socket);
  }

  @Override
  public boolean drain(LongSupplier leftNanos) throws InterruptedException {
    while (!hasFlushed()) {
      long most = leftNanos.getAsLong();
      if (loop.tryTakeTurn()) { // Else a pass is under way on another thread, and does it.
        try {
          loop.runIo(most, () -> flushing.isEmpty() || leftNanos.getAsLong() == 0);
          kernel.letGoOfClosed(loop); // Perhaps nobody looks any more.
          return flushing.isEmpty();
        } finally {
          loop.giveTurn();
        }
      }
      if (most == 0) return hasFlushed();
    }
    return true;
  }

  @Override
  public void cutOff() {
    if (!loop.enterUnlessCalling()) {
      loop.execute(this::cutOff); // By who runs the callback that is under way, after it.
      return;
    }
    try {
      for (Unsent each : List.copyOf(flushing)) if (each.isClosed()) each.cutOff();
      kernel.letGoOfClosed(loop);
    } finally {
      loop.exit();
    }
  }

  private boolean hasFlushed() {
    if (!loop.enterUnlessCalling()) return false; // A pass is under way on another thread.
    try {
      if (flushing.isEmpty()) kernel.letGoOfClosed(loop);
      return flushing.isEmpty();
    } finally {
      loop.exit();
    }
  }
}
