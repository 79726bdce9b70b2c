package org.asyncore.testkit;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.jspecify.annotations.Nullable;

/**
 * A map in memory and on virtual time, with peers for its dispatchers, and a log of what they were
 * called for: all that a test of a handler needs.
 *
 * <pre>{@code
 * try (TestLoop loop = new TestLoop()) {
 *   new EchoServer("127.0.0.1", 7, loop.map());
 *   loop.connect(7).send("hello").expect("hello");
 * }
 * }</pre>
 *
 * <p>Nothing runs by itself: {@link #pass}, {@link #settle}, {@link #advance} and the expectations
 * of peers make passes, on the thread that calls them. Its clock stands still but for {@link
 * #advance} and for expectations, which let it jump to what is due next. Confined to one thread,
 * which is the loop's.
 */
public final class TestLoop implements AutoCloseable {
  /** How much time an expectation lets go by, unless {@link #patience} says otherwise. */
  public static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(1);

  private static final Duration ELSEWHERE_LIMIT = Duration.ofSeconds(10);

  private static final long FOREVER = Long.MAX_VALUE;

  /** More of them without an end are a program that spins. */
  private static final int MOST_PASSES = 20_000;

  /** More moments at which something is due are a timer that is too short for the time. */
  private static final int MOST_MOMENTS = 200_000;

  /** So many passes that change nothing are taken for the end of what happens now. */
  private static final int IDLE_PASSES = 2;

  private final TestClock clock = new TestClock();
  private final MemoryNetwork network = new MemoryNetwork(clock);
  private final MemoryTransport transport = (MemoryTransport) network.transport();
  private final SocketMap map = new SocketMap(transport);
  private final CallLog calls = new CallLog(clock);
  private final List<Peer> peers = new ArrayList<>();
  private final Elsewhere elsewhere;

  /** Null for none. */
  private final @Nullable Schedule schedule;

  /** The default map before this one's; null if it was not asked to be that. */
  private @Nullable SocketMap mapBefore;

  private boolean usePoll;
  private Duration patience = DEFAULT_PATIENCE;

  /** In select's order, with all that peers do there at once. */
  public TestLoop() {
    this(null);
  }

  TestLoop(@Nullable Schedule schedule) {
    this.schedule = schedule;
    if (schedule != null) network.odds(schedule.odds());
    map.observer(calls.observer());
    elsewhere = new Elsewhere(this, ELSEWHERE_LIMIT);
  }

  // --- what there is ---

  /** The map to make dispatchers in. */
  public SocketMap map() {
    return map;
  }

  /** Its network, for settings: buffers, how long a connect takes. */
  public MemoryNetwork network() {
    return network;
  }

  /** The clock of everything here. */
  public TestClock clock() {
    return clock;
  }

  /** What was called so far, each line with whom. */
  public CallLog calls() {
    return calls;
  }

  /** What one dispatcher was called for so far. */
  public List<String> calls(Dispatcher dispatcher) {
    return calls.of(dispatcher);
  }

  /** Has passes keep poll's order of events instead of select's. */
  public TestLoop usePoll(boolean usePoll) {
    this.usePoll = usePoll;
    return this;
  }

  /** Sets how much time an expectation lets go by before it fails. */
  public TestLoop patience(Duration patience) {
    TestClock.nanos(patience, "patience");
    this.patience = patience;
    return this;
  }

  /**
   * Makes {@link #map} the map of all who name none, until this is closed: for programs whose
   * dispatchers are made without one.
   */
  public TestLoop asDefault() {
    if (mapBefore == null) mapBefore = Asyncore.socketMap(map);
    return this;
  }

  // --- peers ---

  /** A peer that connects to a listener of this map on 127.0.0.1. */
  public Peer connect(int port) {
    return connect(at(port));
  }

  /** A peer that connects to a listener of this map. */
  public Peer connect(SocketAddress address) {
    if (address == null) throw new IllegalArgumentException("address is null");
    Family family = Names.familyOf(address);
    return added(new MemoryStream(network, transport, family)).connect(address);
  }

  /** A listener in the test's hand, on 127.0.0.1. */
  public Door listen(int port) {
    return listen(at(port));
  }

  /** A listener in the test's hand, which dispatchers may connect to. */
  public Door listen(SocketAddress address) {
    if (address == null) throw new IllegalArgumentException("address is null");
    MemoryStream socket = new MemoryStream(network, transport, Names.familyOf(address));
    socket.bind(address);
    socket.listen(Integer.MAX_VALUE - 1);
    return new Door(this, socket);
  }

  /** A datagram socket in the test's hand, on 127.0.0.1. */
  public DatagramPeer datagrams(int port) {
    MemoryDatagram socket = new MemoryDatagram(network, transport, Family.INET);
    socket.bind(at(port));
    return new DatagramPeer(this, socket);
  }

  /**
   * A peer that is connected with a new dispatcher.
   *
   * @param dispatcher makes it, over the socket: {@code socket -> new EchoHandler(socket, map)}
   */
  public Peer connected(Function<AsyncSocket, ? extends Dispatcher> dispatcher) {
    if (dispatcher == null) throw new IllegalArgumentException("dispatcher is null");
    MemoryStream listener = new MemoryStream(network, transport, Family.INET);
    listener.listen(1);
    Peer peer = connect(at(((InetSocketAddress) listener.getsockname()).getPort()));
    AsyncSocket accepted = listener.accept().socket();
    listener.close();
    Dispatcher made = dispatcher.apply(accepted);
    if (made == null) throw new IllegalArgumentException("the function made no dispatcher");
    if (made.map() == map) return peer;
    throw new IllegalArgumentException(
        "the function made a dispatcher in another map than loop.map(), on transport "
            + made.map().transport().name()
            + ": "
            + made);
  }

  private static InetSocketAddress at(int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port is not from 1 to 65535: " + port);
    }
    InetAddress loopback = Loopback.of(Family.INET);
    return new InetSocketAddress(loopback, port);
  }

  Peer adopt(MemoryStream socket) {
    return added(socket);
  }

  private Peer added(MemoryStream socket) {
    Peer peer = new Peer(this, "peer " + (peers.size() + 1), socket);
    peers.add(peer);
    synchronized (network) {
      network.add(peer);
    }
    return peer;
  }

  /**
   * Has the next such call of a dispatcher's socket fail; again for the one after it.
   *
   * @throws IllegalArgumentException if its socket is none of this network's
   */
  public TestLoop fail(Dispatcher dispatcher, SocketCall call, Errno errno) {
    if (call == null) throw new IllegalArgumentException("call is null");
    if (errno == null || errno == Errno.OK) {
      throw new IllegalArgumentException("no error: " + errno);
    }
    if (!(dispatcher.socket() instanceof MemorySocket socket) || socket.network != network) {
      throw new IllegalArgumentException("no socket of this network: " + dispatcher);
    }
    synchronized (network) {
      socket.fail(call, errno);
      network.changed();
    }
    return this;
  }

  /**
   * Runs what a program does on other threads: gives it one, at a moment that is the schedule's if
   * there is one. A dispatcher's call on its socket from there is a failure, as only the loop's
   * thread may make it: the program has to use {@code map.execute}.
   */
  public Executor elsewhere() {
    return elsewhere;
  }

  // --- passes and time ---

  /** One pass, which waits for nothing. */
  public TestLoop pass() {
    elsewhere.runNext();
    if (isOver()) act();
    else passOnce();
    elsewhere.throwFailure();
    return this;
  }

  private boolean isOver() {
    return map.isEmpty() && !map.keepRunning();
  }

  /** Nobody is in the map: what is on its way comes all the same. */
  private void act() {
    synchronized (network) {
      network.runDue();
      network.peersAct();
    }
  }

  private void passOnce() {
    if (schedule != null) clock.forward(schedule.passNanos());
    try {
      Asyncore.loop(0, usePoll, map, 1);
    } catch (InterruptedException e) {
      if (schedule == null || !schedule.hasInterrupted()) {
        throw new AssertionError("interrupted in a pass; so far:\n" + report(), e);
      }
      calls.add("loop()", "InterruptedException"); // Whoever loops comes back.
      network.wakeup();
    }
    read();
  }

  private void read() {
    synchronized (network) {
      network.peersRead();
    }
  }

  /** So many passes. */
  public TestLoop passes(int count) {
    if (count < 0) throw new IllegalArgumentException("count < 0: " + count);
    for (int i = 0; i < count; i++) pass();
    return this;
  }

  /** Passes until nothing happens any more without time going by. */
  public TestLoop settle() {
    int idle = 0;
    for (int passes = 0; idle < IDLE_PASSES; passes++) {
      needEnd(passes, MOST_PASSES, "settle()");
      idle = changes() || network.isUnderWay() ? 0 : idle + 1;
    }
    return this;
  }

  /** Makes a pass; whether it has changed anything. */
  private boolean changes() {
    long before = network.changes();
    pass();
    return network.changes() != before || elsewhere.isBusy();
  }

  private void needEnd(int passes, int most, String what) {
    if (passes < most) return;
    throw failure(what + " finds no end: after " + passes + " passes something happens still");
  }

  /** Lets so much time go by, and makes the passes that are due in it, each at its time. */
  public TestLoop advance(Duration time) {
    advanceUntil(time, () -> false);
    return this;
  }

  void advanceUntil(Duration time, BooleanSupplier stop) {
    long end = clock.nanoTime() + TestClock.nanos(time, "time");
    settle();
    for (int moments = 0; !stop.getAsBoolean() && end - clock.nanoTime() > 0; moments++) {
      needEnd(moments, MOST_MOMENTS, "advance(" + time + ")");
      clock.forward(Math.min(transport.untilDueNanos(), end - clock.nanoTime()));
      settle();
    }
  }

  /** Passes, with time going by, until this holds. */
  public TestLoop until(BooleanSupplier condition, String what) {
    if (condition == null) throw new IllegalArgumentException("condition is null");
    await(condition, () -> what);
    return this;
  }

  /** Passes, with time going by, until the map is empty. */
  public TestLoop run() {
    return until(map::isEmpty, "an empty map");
  }

  void await(BooleanSupplier condition, Supplier<String> what) {
    long end = clock.nanoTime() + patience.toNanos();
    int idle = 0;
    for (int passes = 0; ; passes++) {
      read();
      if (condition.getAsBoolean()) return;
      boolean isNew = changes();
      if (condition.getAsBoolean()) return;
      idle = isNew ? 0 : idle + 1;
      if (idle >= IDLE_PASSES) {
        long left = end - clock.nanoTime();
        long due = transport.untilDueNanos();
        if (due == FOREVER)
          throw failure("expected " + what.get() + "; nothing more is going to happen");
        if (left <= 0)
          throw failure("expected " + what.get() + " within " + Texts.seconds(patience.toNanos()));
        clock.forward(Math.min(due, left));
        idle = 0;
      }
      if (passes >= MOST_PASSES)
        throw failure("expected " + what.get() + " within " + passes + " passes");
    }
  }

  // --- for peers ---

  boolean isScheduled() {
    return schedule != null;
  }

  String now() {
    return clock.toString();
  }

  AssertionError failure(String what) {
    return new AssertionError(what + "\n" + report());
  }

  /** What was called, and what each peer did. */
  private String report() {
    StringBuilder report = new StringBuilder();
    report.append("at ").append(now()).append(", called so far:\n").append(calls.report());
    for (Peer peer : peers) report.append(peer).append(":\n").append(peer.report());
    return report.toString();
  }

  /** Closes what is in the map, and gives back the default map. */
  @Override
  public void close() {
    elsewhere.close();
    try {
      Asyncore.closeAll(map, true);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted in closeAll", e);
    } finally {
      if (mapBefore != null) Asyncore.socketMap(mapBefore);
      mapBefore = null;
    }
  }
}
