package org.asyncore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.asyncore.internal.Background;
import org.asyncore.internal.LoopTransport;
import org.asyncore.netty.NettyRelease;
import org.asyncore.netty.NettyTransport;
import org.asyncore.transport.Pollster;
import org.asyncore.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * The dispatchers that one loop serves, by the numbers of their sockets and in the order in which
 * they came: {@code asyncore.socket_map}, or the dict that a program passes as {@code map}.
 *
 * <p>Putting a dispatcher in under a number that is there already keeps the number's place, as in a
 * dict. Each map has an event loop of its own, made when it is first needed and released with the
 * map.
 *
 * <p>Safe from any thread. A pass asks the dispatchers that were in the map when it began; whoever
 * comes later is asked in the next pass.
 *
 * <p>Beside its dispatchers a map has calls for the thread inside {@code loop}: what other threads
 * {@link #execute} there, and what {@link #callLater} and {@link #callEvery} have scheduled. A pass
 * makes them after the callbacks of its dispatchers. What they throw leaves {@code loop}, as
 * exceptions of {@code readable()} do; what is left is called by the next one.
 *
 * <pre>{@code
 * map.execute(() -> System.out.println("in the next pass"));
 * map.callLater(Duration.ofSeconds(5), () -> System.out.println("five seconds later"));
 * map.callEvery(Duration.ofMinutes(1), () -> System.out.println(map.size() + " sockets"));
 * }</pre>
 */
public final class SocketMap implements Iterable<Dispatcher>, Executor {
  private final MapRows rows = new MapRows(this);

  /** What the loop is asked for beside its dispatchers. */
  private final MapCalls calls = new MapCalls(this);

  private final Passes passes = new Passes(this);

  /** Guards the making of what is made when it is first needed. */
  private final Object lock = new Object();

  private volatile @Nullable LoopTransport loop;

  /** What is closed when this is garbage; null if the transport is somebody else's. */
  private final @Nullable OpenSockets openSockets;

  private volatile boolean checkInterest = Boolean.getBoolean("org.asyncore.checkInterest");
  private volatile long busyPollNanos;
  private volatile boolean sendAtOnce;
  private volatile boolean dispatchByIdentity;

  /** Who is told, guarded; null for nobody. Plain: it is looked at per callback. */
  @Nullable LoopObserver observer;

  /** The same one, as it was set. */
  private @Nullable LoopObserver observerAsSet;

  /** An empty map on the default transport: {@code -Dorg.asyncore.transport=auto|epoll|nio}. */
  public SocketMap() {
    openSockets = watched();
  }

  /**
   * An empty map on a transport by name.
   *
   * @param transportName {@code auto}, {@code epoll} or {@code nio}
   * @throws IllegalStateException if it is not available here, with Netty's reason as its cause
   */
  public SocketMap(String transportName) {
    Objects.requireNonNull(transportName, "transportName is null");
    NettyRelease.check();
    loop = NettyTransport.open(transportName);
    observer(NamedObservers.make());
    openSockets = watched();
  }

  private OpenSockets watched() {
    OpenSockets sockets = new OpenSockets();
    Background.whenGarbage(this, sockets);
    return sockets;
  }

  /** An empty map whose sockets come from, and are waited for on, this transport. */
  public SocketMap(Transport transport) {
    Objects.requireNonNull(transport, "transport is null");
    loop = LoopTransport.of(transport);
    openSockets = null;
    observer(NamedObservers.make());
  }

  /**
   * Where this map's sockets come from, and where its passes wait. It tells its name, {@code epoll}
   * or {@code nio}, and why it is this one.
   *
   * @throws IllegalStateException if the Netty on the path is none that the library runs on: see
   *     docs/compatibility.md#netty
   */
  public Transport transport() {
    return loop().given();
  }

  /** The transport, as the loop uses it. */
  LoopTransport loop() {
    if (loop != null) return loop;
    synchronized (lock) {
      if (loop != null) return loop;
      NettyRelease.check();
      if (observerAsSet == null) observer(NamedObservers.make());
      loop = NettyTransport.open();
      return loop;
    }
  }

  /** Whether anybody has asked for the transport yet; a map without one has nothing to wait for. */
  boolean hasTransport() {
    return loop != null;
  }

  /**
   * The time that everything of this map goes by, in nanoseconds: its {@link Transport#nanoTime},
   * which is {@link System#nanoTime} unless the transport has a clock of its own. Safe from any
   * thread.
   */
  public long nanoTime() {
    LoopTransport known = loop;
    return known != null ? known.nanoTime() : System.nanoTime();
  }

  /** Who is told what this map's loop does; null for nobody. */
  public @Nullable LoopObserver observer() {
    return observerAsSet;
  }

  /**
   * Sets who is told what the loop does with this map's dispatchers, from the next pass on. A
   * dispatcher that is in another map than the one it was made for tells the latter.
   *
   * <p>What it throws changes nothing. It is logged, once for each class of observer, as a warning
   * of the {@link System.Logger} {@code org.asyncore}, and the observer is told on. Only what
   * leaves any callback, see {@link LoopExit}, leaves the loop.
   *
   * @param observer null for nobody; {@link LoopObserver#andThen} makes one of two
   */
  public void observer(@Nullable LoopObserver observer) {
    observerAsSet = observer;
    this.observer = observer == null ? null : GuardedObserver.of(observer);
  }

  /** Whether {@link Interest#ON_TOUCH} is checked: {@code -Dorg.asyncore.checkInterest=true}. */
  public boolean checkInterest() {
    return checkInterest;
  }

  /**
   * Sets whether each pass asks all dispatchers, also those that ask for {@link Interest#ON_TOUCH}
   * and were not touched. An answer that changed untouched is a warning on the {@link
   * System.Logger} {@code org.asyncore}, once a class, and counts from then on. Hosted dispatchers
   * are asked ten times a second, whether they were told to be or not. For development: a pass
   * costs what it costs with {@link Interest#EVERY_PASS}.
   */
  public void checkInterest(boolean check) {
    checkInterest = check;
  }

  /** How long a pass looks for events without sleeping; zero unless set. */
  public Duration busyPoll() {
    return Duration.ofNanos(busyPollNanos);
  }

  /**
   * Sets how long a pass that has to wait looks for events again and again before its thread
   * sleeps, within its timeout: {@code SO_BUSY_POLL}'s idea. A thread that sleeps takes some ten
   * microseconds to wake, which a connection that asks and waits pays for each message; in return
   * one that spins takes a whole core for as long after each event. From the next pass on; from any
   * thread.
   *
   * @param spin zero to sleep at once
   */
  public void busyPoll(Duration spin) {
    Objects.requireNonNull(spin, "busyPoll is null");
    if (spin.isNegative()) throw new IllegalArgumentException("busyPoll < 0: " + spin);
    boolean isLonger = spin.compareTo(Duration.ofNanos(Pollster.FOREVER)) > 0;
    busyPollNanos = isLonger ? Pollster.FOREVER : spin.toNanos();
  }

  long busyPollNanos() {
    return busyPollNanos;
  }

  /** Whether connections are read ahead of {@code recv}; false unless set. */
  public boolean readAhead() {
    return loop().readsAhead();
  }

  /**
   * Sets whether TCP connections are read ahead of {@code recv}, 64 KiB or so at a time, given out
   * in the pieces that are asked for, and what is sent meanwhile leaves in one piece. A program
   * that moves much data by {@code recv(8192)} gains a factor of two. In return a dispatcher sees
   * its connection as with handlers in front, and where a callback has another channel become
   * ready, that is called up to three passes later: docs/differences.md#reading-ahead. Of
   * connections that are accepted or begun from then on, by dispatchers of maps with this map's
   * {@link #transport()}, which is made if there is none yet; from any thread.
   */
  public void readAhead(boolean readAhead) {
    loop().readAhead(readAhead);
  }

  /** Whether each {@code send} leaves at once; false unless set. */
  public boolean sendAtOnce() {
    return sendAtOnce;
  }

  /**
   * Sets whether each {@code send} of a callback is a system call of its own, as in asyncore.
   * Otherwise those of a dispatcher that sends several times in a pass may leave together, about
   * two milliseconds later at most: docs/differences.md#sends-of-a-callback-leave-together. Also of
   * a map of hosted dispatchers. From the next pass on; from any thread.
   */
  public void sendAtOnce(boolean sendAtOnce) {
    this.sendAtOnce = sendAtOnce;
  }

  /** Whether events are for dispatchers and not for numbers; false unless set. */
  public boolean dispatchByIdentity() {
    return dispatchByIdentity;
  }

  /**
   * Sets whether an event that a pass has found is only for the dispatcher, and the socket of it,
   * that it was found for. In asyncore it is for a number: when a callback closes a dispatcher and
   * the number is dealt again within the pass, the newcomer is called for what the other one was
   * due, reads what is not there, takes itself for connected, or is told to hang up. Off, a pass
   * does just that. On, such an event is dropped; what is true of the newcomer, the next pass
   * finds: docs/differences.md#dispatch-by-identity. From the next callback on; from any thread.
   */
  public void dispatchByIdentity(boolean byIdentity) {
    dispatchByIdentity = byIdentity;
  }

  /** The dispatcher under a number, or null. */
  public @Nullable Dispatcher get(int number) {
    return rows.get(number);
  }

  /** Whether there is a dispatcher under a number. */
  public boolean containsKey(int number) {
    return get(number) != null;
  }

  /**
   * Puts a dispatcher in, calling nothing of it.
   *
   * @param number what its socket's {@code fileno()} says
   * @return the dispatcher that was there, or null
   */
  public @Nullable Dispatcher put(int number, Dispatcher dispatcher) {
    RowTable.check(number);
    Objects.requireNonNull(dispatcher, "dispatcher is null");
    return rows.put(number, dispatcher);
  }

  /**
   * Takes a dispatcher out, calling nothing of it; its socket stays open.
   *
   * @return the dispatcher that was there, or null
   */
  public @Nullable Dispatcher remove(int number) {
    return rows.remove(number);
  }

  /** A dispatcher of this map has taken a socket. */
  void opened(Holding holding) {
    if (openSockets != null) openSockets.add(holding);
  }

  /** A dispatcher of this map has closed its socket. */
  void closed(Holding holding) {
    if (openSockets != null) openSockets.remove(holding);
  }

  /** Takes all dispatchers out; their sockets stay open. */
  public void clear() {
    rows.clear();
  }

  /** How many dispatchers there are. */
  public int size() {
    return rows.now().count();
  }

  /** Whether a loop over this map would return at once. */
  public boolean isEmpty() {
    return size() == 0;
  }

  /** The dispatchers in map order, a copy: {@code list(map.values())}. */
  public List<Dispatcher> values() {
    List<Dispatcher> values = new ArrayList<>();
    for (Dispatcher dispatcher : this) values.add(dispatcher);
    return values;
  }

  /** Goes over the dispatchers of this moment, in map order. */
  @Override
  public Iterator<Dispatcher> iterator() {
    return rows.iterator();
  }

  // --- calls beside those of dispatchers ---

  /**
   * Has the thread inside {@code loop} run this in its next pass, in the order of the calls; if it
   * waits, it is woken: asyncio's {@code call_soon_threadsafe}. Safe from any thread.
   *
   * <p>While nobody loops, it stays in the queue. A {@code loop()} over an empty map returns at
   * once, and runs nothing, unless {@link #keepRunning(boolean)} says otherwise.
   *
   * @throws NullPointerException if it is null
   * @throws IllegalStateException if this map is for hosted dispatchers
   */
  @Override
  public void execute(Runnable command) {
    Objects.requireNonNull(command, "command is null");
    calls.need("execute").execute(command);
    scheduled();
  }

  /**
   * Runs this once, in the first pass after {@code delay}, whose wait ends in time for it:
   * asyncio's {@code call_later}. Time is monotonic. Safe from any thread.
   *
   * <p>A pass that only ran this counts as a pass. As with {@link #execute}, it runs only while
   * somebody loops.
   *
   * @param delay zero for the next pass
   * @throws IllegalArgumentException if the delay is negative
   * @throws IllegalStateException if this map is for hosted dispatchers: see {@link
   *     Dispatcher#callLater}
   */
  public ScheduledCall callLater(Duration delay, Runnable call) {
    ScheduledCall scheduled = ScheduledCall.later(calls.need("callLater"), delay, call, null);
    scheduled();
    return scheduled;
  }

  /**
   * Runs this again and again, at a fixed rate: one period from now for the first time, then at
   * multiples of it, however long a run takes. A time that has passed before a run could begin is
   * left out: there is never a burst. For a fixed pause between runs, have the call schedule itself
   * by {@link #callLater}.
   *
   * @param period more than zero
   * @throws IllegalArgumentException if it is not
   * @throws IllegalStateException if this map is for hosted dispatchers: see {@link
   *     Dispatcher#callEvery}
   */
  public ScheduledCall callEvery(Duration period, Runnable call) {
    ScheduledCall scheduled = ScheduledCall.every(calls.need("callEvery"), period, call, null);
    scheduled();
    return scheduled;
  }

  /**
   * Ends the wait of a pass at once, as if its timeout were over. If none waits, the next one does
   * not. Safe from any thread.
   */
  public void wakeup() {
    calls.need("wakeup").wake();
    scheduled();
  }

  /**
   * Has {@code loop()} over this map return after the pass that is under way: asyncio's {@code
   * loop.stop()}. In a callback, or on any other thread, whose call ends a wait. The dispatchers
   * stay open, in the map. What was sent and the kernel had no room for still goes out, as when a
   * loop ends by itself: peers that read nothing make it wait, {@code -Dorg.asyncore.linger}
   * seconds at most.
   *
   * <p>It is for all that loop over this map now, nested ones and other threads included. If nobody
   * does, the next {@code loop()} returns before its first pass.
   */
  public void stop() {
    calls.need("stop").stop();
    scheduled();
  }

  /** Whether {@code loop()} goes on while the map is empty; false unless set. */
  public boolean keepRunning() {
    return calls.keepRunning();
  }

  /**
   * Sets {@link #keepRunning()}: asyncio's {@code run_forever}. Then only {@link #stop}, a count,
   * an interrupt and an exception end a loop. It is for loops with something to call, or to wait
   * for, beside dispatchers. Native channels have {@code DispatcherChannels.awaitChannels}.
   *
   * <p>Such a loop notices at once who is put into the map by another thread.
   */
  public void keepRunning(boolean keepRunning) {
    calls.need("keepRunning").keepRunning(keepRunning);
    wakeup();
  }

  // --- for passes and loops ---

  /** There is news for a pass that waits. */
  void scheduled() {
    LoopTransport known = loop;
    if (known != null) known.wakeup(); // Else nobody has made a pass yet.
  }

  /** How many commands of {@link #execute} have not run yet. From any thread. */
  public int commandCount() {
    return calls.commandCount();
  }

  /**
   * How many calls of {@link #callLater}, {@link #callEvery} and the same of its dispatchers are
   * due and not made yet. From any thread. Those of hosted dispatchers are Netty's: not counted.
   */
  public int dueCallCount() {
    return calls.dueCount();
  }

  MapRows rows() {
    return rows;
  }

  MapCalls calls() {
    return calls;
  }

  Passes passes() {
    return passes;
  }

  @Override
  public String toString() {
    return values().toString();
  }
}
