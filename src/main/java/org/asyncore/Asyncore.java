package org.asyncore;

import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import org.asyncore.internal.LingerLimit;
import org.asyncore.internal.LoopPollster;
import org.asyncore.internal.LoopTransport;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Pollster;
import org.asyncore.transport.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * The loop and the other functions of Python's {@code asyncore} module.
 *
 * <pre>{@code
 * SocketMap map = new SocketMap();
 * new EchoServer("127.0.0.1", 8007, map);
 * Asyncore.loop(map); // Returns when the last dispatcher has closed.
 * }</pre>
 *
 * <p>Timeouts are in seconds, as in Python: 0 does not wait, {@link #FOREVER} waits until something
 * happens. Where a map may be null, null means {@link #socketMap()}, as {@code None} does in
 * Python.
 *
 * <p>Callbacks run on the thread that is inside {@code loop}. Several threads may call it: over
 * different maps they run side by side, over one map they take turns, pass by pass. A thread that
 * is interrupted while it waits leaves with {@link InterruptedException} and a cleared interrupt
 * flag, as is Java's custom; one that arrives interrupted leaves before its first pass. A virtual
 * thread is no place for a loop on epoll, which warns there: docs/running.md#virtual-threads.
 */
public final class Asyncore {
  /** A timeout without end: Python's {@code None}. */
  public static final double FOREVER = Double.POSITIVE_INFINITY;

  /** The timeout of a {@code loop} that is given none, in seconds. */
  public static final double DEFAULT_TIMEOUT = 30.0;

  /**
   * How long a loop that ends waits, in seconds, for what closed channels still have to send; see
   * {@link #loop()}.
   */
  public static final double DEFAULT_LINGER = LingerLimit.DEFAULT_SECONDS;

  private static final double NANOS_PER_SECOND = 1e9;
  private static volatile SocketMap defaultMap = new SocketMap();

  private Asyncore() {}

  /** The map of all who name none: {@code asyncore.socket_map}. */
  public static SocketMap socketMap() {
    return defaultMap;
  }

  /**
   * Has another map be that of all who name none: an assignment to {@code asyncore.socket_map}.
   * Dispatchers that are there already stay in theirs, and loops go on over it. For tests, above
   * all, which give it back when they are over.
   *
   * @return the map before
   */
  public static SocketMap socketMap(SocketMap map) {
    Objects.requireNonNull(map, "map is null");
    SocketMap before = defaultMap;
    defaultMap = map;
    return before;
  }

  static SocketMap orDefault(@Nullable SocketMap map) {
    return map == null ? defaultMap : map;
  }

  /**
   * Serves the default map until it is empty: {@code asyncore.loop()}.
   *
   * <p>A loop that ends, because its map is empty or by an exception, first lets closed channels
   * send what their {@code send} had taken. It waits for them as long as {@code
   * -Dorg.asyncore.linger} says, in seconds, 30 by default.
   */
  public static void loop() throws InterruptedException {
    loop(DEFAULT_TIMEOUT, false, null);
  }

  /** As {@link #loop()}, with the longest wait of a pass. */
  public static void loop(Duration timeout) throws InterruptedException {
    loop(seconds(timeout), false, null);
  }

  /** As {@link #loop()}, with the longest wait of a pass in seconds: {@code loop(timeout)}. */
  public static void loop(double timeoutSeconds) throws InterruptedException {
    loop(timeoutSeconds, false);
  }

  /**
   * As {@link #loop(double, boolean, SocketMap)}, over the default map: {@code loop(timeout,
   * use_poll)}.
   */
  public static void loop(double timeoutSeconds, boolean usePoll) throws InterruptedException {
    loop(timeoutSeconds, usePoll, null);
  }

  /** As {@link #loop()}, over a map of one's own. */
  public static void loop(@Nullable SocketMap map) throws InterruptedException {
    loop(DEFAULT_TIMEOUT, false, map);
  }

  /** At most {@code count} passes over the default map. */
  public static void loop(Duration timeout, int count) throws InterruptedException {
    loop(seconds(timeout), false, null, count);
  }

  /**
   * Serves a map until it is empty: {@code asyncore.loop(timeout, use_poll, map)}.
   *
   * @param timeoutSeconds the longest wait of a pass
   * @param usePoll poll's order of events instead of select's
   */
  public static void loop(double timeoutSeconds, boolean usePoll, @Nullable SocketMap map)
      throws InterruptedException {
    long waitNanos = waitNanos(timeoutSeconds);
    run(orDefault(map), waitNanos, usePoll, -1);
  }

  /**
   * Serves a map for at most {@code count} passes, or until it is empty: {@code
   * asyncore.loop(timeout, use_poll, map, count)}.
   *
   * @param timeoutSeconds the longest wait of a pass
   * @param usePoll poll's order of events instead of select's
   * @param count how many passes at most; 0 makes none
   */
  public static void loop(
      double timeoutSeconds, boolean usePoll, @Nullable SocketMap map, int count)
      throws InterruptedException {
    long waitNanos = waitNanos(timeoutSeconds);
    if (count < 0) throw new IllegalArgumentException("count < 0: " + count);
    run(orDefault(map), waitNanos, usePoll, count);
  }

  private static void run(SocketMap map, long waitNanos, boolean usePoll, int count)
      throws InterruptedException {
    if (count == 0) return;
    map.passes().looper();
    boolean isOver;
    try {
      isOver = passes(map, waitNanos, usePoll, count);
    } catch (InterruptedException interrupted) {
      throw interrupted; // Promptly: whoever interrupts does not want to wait.
    } catch (Throwable thrown) {
      Linger.drainAfter(thrown, map);
      throw thrown;
    }
    if (isOver) Linger.drain(map); // Else the caller comes back for more passes.
  }

  /**
   * Makes passes until there is nothing to loop for, or somebody stops it.
   *
   * @param count how many at most; -1 for no limit
   * @return whether it ended for another reason than the count
   */
  static boolean passes(SocketMap map, long waitNanos, boolean usePoll, int count)
      throws InterruptedException {
    long stops = map.calls().stops();
    if (map.calls().takeStop() || isOver(map)) return true;
    if (Thread.interrupted()) throw new InterruptedException("interrupted before the first pass");
    try {
      if (count > 0) repeat(map, waitNanos, usePoll, count, stops);
      else map.loop().stay(() -> repeat(map, waitNanos, usePoll, count, stops));
    } finally {
      if (map.calls().stops() != stops) map.calls().takeStop(); // It was meant for this loop.
      if (count < 0) map.loop().flush(); // The pass that was to follow does not.
    }
    return !goesOn(map, stops);
  }

  /** Whether there is something to loop for, and nobody has stopped it since. */
  private static boolean goesOn(SocketMap map, long stops) {
    return !isOver(map) && map.calls().stops() == stops;
  }

  private static void repeat(SocketMap map, long waitNanos, boolean usePoll, int count, long stops)
      throws InterruptedException {
    for (int left = count; left != 0 && goesOn(map, stops); left--) {
      pass(map, waitNanos, usePoll, count < 0, stops);
    }
  }

  static boolean isOver(SocketMap map) {
    return map.isEmpty() && !map.keepRunning() && !(map.hasTransport() && map.loop().isBusy());
  }

  static void pass(SocketMap map, long waitNanos, boolean usePoll, boolean isFollowed, long stops)
      throws InterruptedException {
    LoopTransport loop = map.loop();
    loop.takeTurn();
    try {
      if (!goesOn(map, stops)) return; // Another thread's pass, which went before, has ended it.
      Pass pass = map.passes().take().followed(isFollowed);
      if (usePoll) pass.poll(waitNanos);
      else pass.select(waitNanos);
      map.passes().give(pass); // One that ended in an exception is not used again.
    } finally {
      loop.giveTurn();
    }
  }

  /** Has a {@code loop()} over the default map end: see {@link SocketMap#stop}. */
  public static void stop() {
    defaultMap.stop();
  }

  /** One pass over the default map, without a wait: {@code poll()}. */
  public static void poll() throws InterruptedException {
    poll(0);
  }

  /** One pass over the default map: {@code poll(timeout)}. */
  public static void poll(double timeoutSeconds) throws InterruptedException {
    poll(timeoutSeconds, null);
  }

  /**
   * One pass in select's order: all reads, then all writes, then all urgent data, each in map
   * order. {@code asyncore.poll}.
   *
   * @param timeoutSeconds the longest wait; with nothing readable or writable wanted, the whole of
   *     it is waited
   */
  public static void poll(double timeoutSeconds, @Nullable SocketMap map)
      throws InterruptedException {
    onePass(timeoutSeconds, false, map);
  }

  /** One pass over the default map, without a wait: {@code poll2()}. */
  public static void poll2() throws InterruptedException {
    poll2(0);
  }

  /** One pass over the default map: {@code poll2(timeout)}. */
  public static void poll2(double timeoutSeconds) throws InterruptedException {
    poll2(timeoutSeconds, null);
  }

  /**
   * One pass in poll's order: channel by channel, each read, write, urgent data, hang-up. {@code
   * asyncore.poll2}.
   *
   * @param timeoutSeconds the longest wait
   */
  public static void poll2(double timeoutSeconds, @Nullable SocketMap map)
      throws InterruptedException {
    onePass(timeoutSeconds, true, map);
  }

  /** {@code asyncore.poll3}, another name for {@link #poll2}. */
  public static void poll3(double timeoutSeconds, @Nullable SocketMap map)
      throws InterruptedException {
    poll2(timeoutSeconds, map);
  }

  /**
   * A pass of the program's own over a map: what a program does that calls {@code select} itself
   * and then {@code asyncore.read} and {@code asyncore.write}. No other thread makes a pass
   * meanwhile, or closes what is being asked. What the callbacks sent has left when this returns.
   *
   * @param map null for the default map
   * @throws IllegalStateException if its dispatchers are hosted by event loops of somebody else
   */
  public static void ownPass(@Nullable SocketMap map, OwnPass pass) throws InterruptedException {
    Objects.requireNonNull(pass, "pass is null");
    SocketMap served = orDefault(map);
    LoopTransport loop = served.loop();
    LoopPollster pollster = loop.pollster();
    served.passes().looper();
    loop.takeTurn();
    try {
      pass.make(pollster);
    } finally {
      pollster.done();
      loop.giveTurn();
    }
  }

  private static void onePass(double timeoutSeconds, boolean usePoll, @Nullable SocketMap map)
      throws InterruptedException {
    long waitNanos = waitNanos(timeoutSeconds);
    SocketMap served = orDefault(map);
    if (served.isEmpty() && !served.keepRunning()) return;
    served.passes().looper();
    pass(served, waitNanos, usePoll, false, served.calls().stops());
    if (isOver(served)) Linger.drain(served);
  }

  /**
   * Calls {@code handleReadEvent}, and {@code handleError} with what it throws: {@code
   * asyncore.read}.
   */
  public static void read(Dispatcher dispatcher) {
    Callbacks.read(Objects.requireNonNull(dispatcher, "dispatcher is null"));
  }

  /**
   * Calls {@code handleWriteEvent}, and {@code handleError} with what it throws: {@code
   * asyncore.write}.
   */
  public static void write(Dispatcher dispatcher) {
    Callbacks.write(Objects.requireNonNull(dispatcher, "dispatcher is null"));
  }

  /**
   * Calls {@code handleExptEvent}, and {@code handleError} with what it throws: {@code
   * asyncore._exception}.
   */
  public static void exception(Dispatcher dispatcher) {
    Callbacks.exception(Objects.requireNonNull(dispatcher, "dispatcher is null"));
  }

  /**
   * Calls what the flags of {@link Readiness} say: read, write, urgent data, hang-up. {@code
   * asyncore.readwrite}.
   *
   * <p>An {@link OsException} of the {@linkplain Errno#isDisconnected() disconnected} kind goes to
   * {@code handleClose}, any other exception to {@code handleError}.
   */
  public static void readwrite(Dispatcher dispatcher, int flags) {
    Callbacks.readwrite(Objects.requireNonNull(dispatcher, "dispatcher is null"), flags);
  }

  /** Closes the channels of the default map: {@code close_all()}. */
  public static void closeAll() throws InterruptedException {
    closeAll(null, false);
  }

  /** Closes the channels of a map: {@code close_all(map)}. */
  public static void closeAll(@Nullable SocketMap map) throws InterruptedException {
    closeAll(map, false);
  }

  /**
   * Calls {@code close} of each channel, in map order, and empties the map: {@code
   * asyncore.close_all}. Then waits, as {@link #loop()} does, for what they still have to send.
   *
   * <p>{@link Errno#EBADF} is always skipped. Another exception ends it, and leaves the rest in the
   * map, unless {@code ignoreAll} is true.
   */
  public static void closeAll(@Nullable SocketMap map, boolean ignoreAll)
      throws InterruptedException {
    SocketMap closed = orDefault(map);
    closeEach(closed, ignoreAll);
    Linger.drain(closed);
  }

  static void closeEach(SocketMap map, boolean ignoreAll) {
    if (map.calls().isServedByOthers()) {
      closeWhoeverComes(map, ignoreAll);
      return;
    }
    for (Dispatcher dispatcher : map) {
      AsyncSocket socket = dispatcher.socket();
      if (socket != null && map.hasTransport()) map.loop().bring(socket); // To be drained.
      close(dispatcher, ignoreAll);
    }
    map.clear();
  }

  /** Nobody is taken out of the map who was not closed: others put dispatchers there meanwhile. */
  private static void closeWhoeverComes(SocketMap map, boolean ignoreAll) {
    Set<Dispatcher> met = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int before = -1; met.size() > before; ) {
      before = met.size();
      for (Dispatcher dispatcher : map) if (met.add(dispatcher)) close(dispatcher, ignoreAll);
    }
    map.rows().removeAll(met);
  }

  private static void close(Dispatcher dispatcher, boolean ignoreAll) {
    try {
      dispatcher.close();
    } catch (Throwable thrown) {
      boolean isBadDescriptor = thrown instanceof OsException error && error.errno() == Errno.EBADF;
      if (LoopExit.leavesLoop(thrown) || !(isBadDescriptor || ignoreAll)) throw thrown;
    }
  }

  /** Where an exception came from, in one line: {@code asyncore.compact_traceback}. */
  public static CompactTraceback compactTraceback(Throwable thrown) {
    return CompactTraceback.of(thrown);
  }

  private static double seconds(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout is null");
    if (timeout.isNegative()) throw new IllegalArgumentException("timeout < 0: " + timeout);
    return timeout.getSeconds() + timeout.getNano() / NANOS_PER_SECOND;
  }

  /** The one place where a timeout in seconds becomes a wait. */
  static long waitNanos(double timeoutSeconds) {
    if (!(timeoutSeconds >= 0)) { // NaN is not, either.
      throw new IllegalArgumentException("timeout is not 0 or more seconds: " + timeoutSeconds);
    }
    double nanos = timeoutSeconds * NANOS_PER_SECOND;
    return nanos >= Pollster.FOREVER ? Pollster.FOREVER : (long) nanos;
  }
}
