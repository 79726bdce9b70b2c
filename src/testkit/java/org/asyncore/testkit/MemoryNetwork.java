package org.asyncore.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import org.asyncore.transport.AsyncFile;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Pipe;
import org.asyncore.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A network and the kernel below it, in memory: streams, listeners, datagrams and pipes that behave
 * to asyncore as Linux's do, without a descriptor. Maps on transports of one network reach each
 * other.
 *
 * <pre>{@code
 * SocketMap map = new SocketMap(new MemoryNetwork(new TestClock()).transport());
 * }</pre>
 *
 * <p>{@link TestLoop} has one; by itself it is for programs that make their own maps. Safe from any
 * thread.
 */
public final class MemoryNetwork {
  /** How many bytes a socket's send buffer takes, and its receive buffer, unless set. */
  public static final int DEFAULT_BUFFER = 65_536;

  /** The first number: those below are standard input, output and error. */
  private static final int FIRST_NUMBER = 3;

  /** How long a peer takes between two things that it was told to do. */
  private static final long PEER_NANOS = 1_000_000;

  /** A century is as good as for ever. */
  private static final long LONGEST_NANOS = Duration.ofDays(36_525).toNanos();

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** Null for the system's. */
  private final @Nullable TestClock clock;

  private final Names names = new Names();
  private final BitSet numbers = new BitSet();
  private final Map<Integer, MemoryPipe.Descriptor> descriptors = new HashMap<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.<Event>comparingLong(event -> event.atNanos)
              .thenComparingLong(event -> event.order));
  private long lastOrder;
  private int sendBuffer = DEFAULT_BUFFER;
  private int receiveBuffer = DEFAULT_BUFFER;
  private long connectNanos;
  private Odds odds = Odds.NONE;
  private volatile @Nullable Thread owner;
  private volatile @Nullable String foreignCall;

  private long changes;

  /** Who acts when a pass begins. */
  private final List<Peer> peers = new ArrayList<>();

  /** Whether other threads may end a wait, so that one without an end is no mistake. */
  private boolean isShared;

  private record Event(long atNanos, long order, Runnable action) {}

  /** A network on the system's time, where waits are real. */
  public MemoryNetwork() {
    this(null, true);
  }

  /** A network on the time of this clock, where a wait moves the clock. */
  public MemoryNetwork(TestClock clock) {
    this(clock, false);
  }

  private MemoryNetwork(@Nullable TestClock clock, boolean isShared) {
    this.clock = clock;
    this.isShared = isShared;
    numbers.set(0, FIRST_NUMBER);
  }

  /** A transport for one map. */
  public Transport transport() {
    return new MemoryTransport(this);
  }

  /** What time it is on this network, as {@link System#nanoTime}. */
  public long nanoTime() {
    return clock == null ? System.nanoTime() : clock.nanoTime();
  }

  // --- settings ---

  /**
   * How many bytes the buffers of a socket take, of those made from now on; each socket's options
   * SO_SNDBUF and SO_RCVBUF may say otherwise.
   *
   * @param sendBytes from 1 on
   * @param receiveBytes from 1 on
   */
  public synchronized MemoryNetwork buffers(int sendBytes, int receiveBytes) {
    if (sendBytes < 1) throw new IllegalArgumentException("sendBytes < 1: " + sendBytes);
    if (receiveBytes < 1) throw new IllegalArgumentException("receiveBytes < 1: " + receiveBytes);
    sendBuffer = sendBytes;
    receiveBuffer = receiveBytes;
    return this;
  }

  /** How long a connection takes to come about, of those begun from now on; zero at first. */
  public synchronized MemoryNetwork connectTime(Duration time) {
    connectNanos = TestClock.nanos(time, "time");
    return this;
  }

  /**
   * Whether other threads use this network, too: then a wait without an end lasts until one of them
   * ends it, where otherwise it fails at once, as a test that hangs helps nobody.
   */
  public synchronized MemoryNetwork shared(boolean shared) {
    isShared = shared;
    return this;
  }

  // --- for its sockets; guarded by this ---

  Names names() {
    return names;
  }

  int sendBuffer() {
    return sendBuffer;
  }

  int receiveBuffer() {
    return receiveBuffer;
  }

  long connectNanos() {
    return connectNanos;
  }

  void odds(Odds odds) {
    this.odds = odds;
  }

  void add(Peer peer) {
    peers.add(peer);
  }

  /** Has peers do what they were told, one thing each, and read. */
  void peersAct() {
    for (int i = 0; i < peers.size(); i++) {
      if (odds.acts(peers.get(i))) peers.get(i).moves();
    }
    peersRead();
  }

  void peersRead() {
    for (int i = 0; i < peers.size(); i++) peers.get(i).reads();
  }

  boolean isUnderWay() {
    for (int i = 0; i < peers.size(); i++) {
      if (peers.get(i).isUnderWay()) return true;
    }
    return false;
  }

  /** What decides for the whole network. */
  Odds chance() {
    return odds;
  }

  /** What decides for a socket: nothing for one without a number, which is a peer's. */
  Odds odds(MemorySocket socket) {
    return socket.fileno() < 0 ? Odds.NONE : odds;
  }

  int deal() {
    int number = numbers.nextClearBit(0);
    numbers.set(number);
    return number;
  }

  void takeBack(int number) {
    if (number < 0) return;
    numbers.clear(number);
    descriptors.remove(number);
  }

  void open(int number, MemoryPipe.Descriptor descriptor) {
    descriptors.put(number, descriptor);
  }

  synchronized AsyncFile file(int number, Transport by) {
    MemoryPipe.Descriptor descriptor = descriptors.get(number);
    if (descriptor == null) throw new OsException(Errno.EBADF);
    return descriptor.duplicate(by);
  }

  synchronized Pipe pipe(Transport by) {
    return new MemoryPipe(this, by).open();
  }

  // --- threads ---

  /** While only this thread may call sockets; null for any. */
  void guard(@Nullable Thread owner) {
    this.owner = owner;
  }

  /** A socket is called. */
  void called(MemorySocket socket) {
    Thread allowed = owner;
    if (allowed == null || allowed == Thread.currentThread() || socket.fileno() < 0) return;
    foreignCall = "a call on socket " + socket.fileno();
  }

  @Nullable String takeForeignCall() {
    String call = foreignCall;
    foreignCall = null;
    return call;
  }

  // --- time ---

  /** Does something after so long; at once for no time. */
  void later(long nanos, Runnable action) {
    if (nanos == 0) action.run();
    else events.add(new Event(nanoTime() + nanos, ++lastOrder, action));
    changed();
  }

  void changed() {
    changes++;
    notifyAll();
  }

  /** How often something has changed that a wait may be for. */
  synchronized long changes() {
    return changes;
  }

  synchronized void wakeup() {
    changed();
  }

  /** Does what is due. */
  void runDue() {
    for (Event next; (next = events.peek()) != null && next.atNanos - nanoTime() <= 0; ) {
      events.remove();
      next.action.run();
    }
  }

  /** When something happens by itself; {@link Long#MAX_VALUE} for never. */
  long untilNextNanos() {
    if (isUnderWay()) return PEER_NANOS;
    Event next = events.peek();
    return next == null ? Long.MAX_VALUE : Math.max(0, next.atNanos - nanoTime());
  }

  /**
   * Lets time go by, up to so much, or until something changes; with nothing to come but what other
   * threads do, waits for them.
   */
  void pause(long nanos) throws InterruptedException {
    if (Thread.interrupted()) throw new InterruptedException("interrupted in a wait");
    if (clock != null && nanos != Long.MAX_VALUE) {
      clock.forward(nanos);
      return;
    }
    if (!isShared) throw new AssertionError("waits for ever: nothing is due, and nobody sends");
    long before = changes;
    long end = System.nanoTime() + Math.min(nanos, LONGEST_NANOS);
    for (long left; changes == before && (left = end - System.nanoTime()) > 0; ) {
      wait(left / NANOS_PER_MILLI, (int) (left % NANOS_PER_MILLI));
    }
  }

  /** Waits until this holds; whether it did in time. */
  boolean await(BooleanSupplier condition, long waitNanos) throws InterruptedException {
    long end = nanoTime() + waitNanos;
    while (!condition.getAsBoolean()) {
      long left = waitNanos == Long.MAX_VALUE ? waitNanos : end - nanoTime();
      if (left <= 0) return false;
      pause(Math.min(left, untilNextNanos()));
      runDue();
    }
    return true;
  }

  @Override
  public String toString() {
    return "memory";
  }
}
