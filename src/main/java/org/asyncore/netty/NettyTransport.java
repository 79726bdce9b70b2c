package org.asyncore.netty;

import io.netty.channel.Channel;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import java.nio.channels.SelectableChannel;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.asyncore.internal.Background;
import org.asyncore.internal.LoopPollster;
import org.asyncore.internal.LoopTransport;
import org.asyncore.netty.datagram.DatagramSocket;
import org.asyncore.netty.epoll.EpollKernel;
import org.asyncore.netty.file.FileSocket;
import org.asyncore.netty.kernel.Kernel;
import org.asyncore.netty.kernel.Kernel.OpenSocket;
import org.asyncore.netty.loop.NettyThread;
import org.asyncore.netty.loop.TurnEventLoop;
import org.asyncore.netty.nio.NioKernel;
import org.asyncore.netty.pipeline.LoopDriver;
import org.asyncore.netty.socket.HeldSends;
import org.asyncore.netty.socket.NettyPollster;
import org.asyncore.netty.socket.Polled;
import org.asyncore.netty.socket.SocketLoop;
import org.asyncore.netty.stream.StreamSocket;
import org.asyncore.transport.AsyncFile;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.Pipe;
import org.asyncore.transport.SocketType;

/**
 * Sockets on Netty channels, and one event loop for them: epoll where Netty's native library loads,
 * NIO elsewhere.
 *
 * <p>Owns the loop's selector, which is released when neither the transport nor an open socket of
 * it can be reached any more.
 */
public final class NettyTransport implements LoopTransport, SocketLoop {
  private static final String PROPERTY = "org.asyncore.transport";

  private final Kernel kernel;
  private final String reason;
  private final TurnEventLoop loop;

  /** Those, open or closed, whose channels have bytes that the kernel did not take yet. */
  private final Set<SocketLoop.Unsent> backlogged = new LinkedHashSet<>();

  private volatile boolean readsAhead;

  private final HeldSends held = new HeldSends();

  /** Who is in an endless loop; null for nobody. */
  private volatile Thread staying;

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

  @Override
  public Kernel kernel() {
    return kernel;
  }

  @Override
  public TurnEventLoop eventLoop() {
    return loop;
  }

  /** The loop, for native bootstraps: their channels are served in the same passes. */
  public IoEventLoopGroup eventLoopGroup() {
    return loop;
  }

  /** Whether a loop goes on while native channels are open, though its map is empty. */
  public void awaitChannels(boolean await) {
    loop.awaitChannels(await);
  }

  @Override
  public boolean isBusy() {
    return loop.isBusy();
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
    backlogged(end, true);
    channel.closeFuture().addListener(closed -> backlogged(end, false));
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
      if (type == SocketType.DGRAM) return new DatagramSocket(this, family, hasTurn);
      return StreamSocket.fresh(this, family, hasTurn);
    } finally {
      if (hasTurn) loop.exit();
    }
  }

  @Override
  public AsyncSocket socket(int descriptor) {
    OpenSocket open = kernel.open(descriptor);
    boolean hasTurn = loop.enterUnlessCalling();
    try {
      return StreamSocket.over(this, open, hasTurn);
    } finally {
      if (hasTurn) loop.exit();
    }
  }

  @Override
  public void readAhead(boolean readAhead) {
    readsAhead = readAhead;
  }

  @Override
  public boolean readsAhead() {
    return readsAhead;
  }

  @Override
  public AsyncSocket accepted(Family family, Channel child) {
    if (readsAhead && family != Family.UNIX) return LoopDriver.over(this, family, child).socket();
    return StreamSocket.connected(this, family, child);
  }

  @Override
  public AsyncSocket readingAhead(AsyncSocket fresh) {
    boolean isPiped = readsAhead && fresh.family() != Family.UNIX;
    if (!isPiped || !(fresh instanceof StreamSocket direct)) return fresh;
    if (!direct.enterUnlessCalling()) return fresh; // As it is: a callback has the turn.
    try {
      return LoopDriver.over(direct.handOver(), event -> {}).socket();
    } finally {
      direct.exit();
    }
  }

  @Override
  public AsyncFile file(int descriptor) {
    return new FileSocket(this, kernel.descriptors().open(descriptor));
  }

  @Override
  public AsyncFile file(SelectableChannel channel) {
    return new FileSocket(this, kernel.descriptors().open(channel));
  }

  @Override
  public Pipe pipe() {
    return kernel.descriptors().pipe();
  }

  @Override
  public LoopPollster pollster() {
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
      if (loop.inEventLoop() || !NettyThread.isDue()) stay.passes(); // A nested loop ends soon.
      else NettyThread.run(stay);
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

  @Override
  public NettyTransport transport() {
    return this;
  }

  @Override
  public void interestChanged(AsyncSocket socket) {
    loop.wakePass();
  }

  /** Has the next pass call this, before its dispatchers; for the holder of the turn. */
  public void post(Runnable call) {
    loop.post(call);
  }

  /** Ends the wait of a pass, or of the next one; for the holder of the turn. */
  public void endWait() {
    post(() -> {});
  }

  @Override
  public HeldSends heldSends() {
    return held;
  }

  @Override
  public void flush() {
    if (held.isEmpty()) return; // What the caller's own passes have left, it sees.
    if (!loop.enterUnlessCalling()) return; // Another thread's pass flushes it.
    try {
      held.flushAll();
    } finally {
      loop.exit();
    }
  }

  @Override
  public void backlogged(SocketLoop.Unsent socket, boolean isBacklogged) {
    if (isBacklogged) backlogged.add(socket);
    else backlogged.remove(socket);
  }

  @Override
  public void bring(AsyncSocket socket) {
    Polled polled = Polled.of(socket);
    if (polled == null || polled.socketLoop() == this) return;
    if (polled.kernel().getClass() != kernel.getClass() || !loop.enterIfFree()) return;
    try {
      polled.moveIfFree(this);
    } finally {
      loop.exit();
    }
  }

  @Override
  public boolean drain(LongSupplier leftNanos) throws InterruptedException {
    while (!hasFlushed()) {
      long most = leftNanos.getAsLong();
      if (loop.tryTakeTurn()) { // Else a pass is under way on another thread, and does it.
        try {
          loop.runIo(most, () -> backlogged.isEmpty() || leftNanos.getAsLong() == 0);
          kernel.letGoOfClosed(loop); // Perhaps nobody looks any more.
          return backlogged.isEmpty();
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
      for (SocketLoop.Unsent each : List.copyOf(backlogged)) if (each.isClosed()) each.cutOff();
      kernel.letGoOfClosed(loop);
    } finally {
      loop.exit();
    }
  }

  private boolean hasFlushed() {
    if (!loop.enterUnlessCalling()) return false; // A pass is under way on another thread.
    try {
      if (backlogged.isEmpty()) kernel.letGoOfClosed(loop);
      return backlogged.isEmpty();
    } finally {
      loop.exit();
    }
  }
}
