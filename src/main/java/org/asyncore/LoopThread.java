package org.asyncore;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.asyncore.transport.Pollster;
import org.jspecify.annotations.Nullable;

/**
 * A loop on a thread of its own, named {@code asyncore-loop-NAME}: what programs write as {@code
 * threading.Thread(target=asyncore.loop)}. It loops over one map, and goes on while that is empty,
 * until it is stopped.
 *
 * <pre>{@code
 * try (LoopThread loop = new LoopThread("echo")) {
 *   new EchoServer("127.0.0.1", 8007, loop.map());
 *   loop.start();
 *   loop.execute(() -> System.out.println("on " + Thread.currentThread().getName()));
 *   // The program does something else.
 * } // The loop drains, and has ended.
 * }</pre>
 *
 * <pre>
 * state     event                                             next
 * NEW       start()                                           RUNNING
 * NEW       stop(), close()                                   ENDED      (the map is left alone)
 * RUNNING   stop(), close()                                   DRAINING
 * RUNNING   the map's stop(), an interrupt                    DRAINING   (with no time left)
 * RUNNING   an exception that nobody takes leaves the loop    DRAINING   (the same)
 * DRAINING  stop() with less time                             DRAINING
 * DRAINING  the map is empty, or the time is over             ENDED
 * </pre>
 *
 * <p>Draining begins with {@link Dispatcher#handleStop} of each dispatcher, by which listeners
 * close. Then the loop goes on until the last dispatcher has closed, or the time is over; what is
 * left then is closed, native channels of its loop as well. They are not waited for, unless {@code
 * DispatcherChannels.awaitChannels} has been told to.
 *
 * <p>Make dispatchers on the loop's thread, by {@link #execute}, or before {@link #start}: a pass
 * may find one that another thread has made half of. Safe from any thread. It is no daemon unless
 * {@link #daemon} says so: like a {@code loop()} in {@code main}, it keeps the process alive.
 */
public final class LoopThread implements Executor, AutoCloseable {
  /** Where a {@link LoopThread} is in its life; see there. */
  public enum State {
    /** Not started. */
    NEW,
    /** Loops. */
    RUNNING,
    /** Loops for those that have something left to do. */
    DRAINING,
    /** All is closed, and the thread is over or about to be. */
    ENDED
  }

  /** How long {@link #close} lets dispatchers finish. */
  public static final Duration DEFAULT_DRAIN = Duration.ofSeconds(10);

  /** A century is as good as for ever, and may be added to the clock. */
  private static final Duration LONGEST = Duration.ofDays(36_525);

  private final SocketMap map;
  private final Thread thread;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Object lock = new Object();

  /** Its dispatchers were told of the stop. Its thread's own. */
  private boolean hasToldAll;

  /** Guarded by the lock, as are the next ones. */
  private State state = State.NEW;

  /** When draining is over, on the map's clock. */
  private long drainEndNanos;

  private @Nullable Throwable failure;
  private Runnable onFailure = () -> {};
  private boolean usePoll;
  private Thread.@Nullable UncaughtExceptionHandler uncaught;

  /** A loop over a new map. */
  public LoopThread(String name) {
    this(name, new SocketMap());
  }

  /**
   * A loop over this map, which nobody else should loop over.
   *
   * @param name what its thread is called, behind {@code asyncore-loop-}
   */
  public LoopThread(String name, SocketMap map) {
    Objects.requireNonNull(name, "name is null");
    Objects.requireNonNull(map, "map is null");
    this.map = map;
    thread = new Thread(this::run, "asyncore-loop-" + name);
    thread.setDaemon(false);
  }

  /** Has the loop use poll's order of events instead of select's; before {@link #start}. */
  public LoopThread usePoll(boolean usePoll) {
    synchronized (lock) {
      needNew("usePoll");
      this.usePoll = usePoll;
      return this;
    }
  }

  /** Whether the process may end while the loop runs; false unless set, before {@link #start}. */
  public LoopThread daemon(boolean daemon) {
    synchronized (lock) {
      needNew("daemon");
      thread.setDaemon(daemon);
      return this;
    }
  }

  /**
   * Who takes what leaves {@code loop()}: it is called on the loop's thread, and then the loop goes
   * on. {@code ExitNow} and the like, fatal errors, and what the handler itself throws, end the
   * loop even so. Before {@link #start}.
   */
  public LoopThread uncaught(Thread.UncaughtExceptionHandler handler) {
    synchronized (lock) {
      needNew("uncaught");
      uncaught = handler;
      return this;
    }
  }

  /** Who is told, on its thread, that an exception ends it; before {@link #start}. */
  void onFailure(Runnable told) {
    onFailure = told;
  }

  void needNew(String method) {
    if (state() != State.NEW) throw new IllegalStateException(method + "() of " + this);
  }

  void needNotStopping(String method) {
    if (isStopping()) throw new IllegalStateException(method + "() of " + this);
  }

  /** Whether it drains, or has ended. */
  boolean isStopping() {
    return state().compareTo(State.RUNNING) > 0;
  }

  /** Its dispatchers. */
  public SocketMap map() {
    return map;
  }

  /** Where it is in its life. */
  public State state() {
    synchronized (lock) {
      return state;
    }
  }

  /** Starts the thread, once. */
  public LoopThread start() {
    synchronized (lock) {
      needNew("start");
      map.keepRunning(true);
      thread.start(); // Which may fail; then it is as it was.
      state = State.RUNNING; // The thread waits for the lock to see it.
      return this;
    }
  }

  /**
   * As {@link SocketMap#execute}, on {@link #map()}: what was taken runs, if it was started at all.
   *
   * @throws RejectedExecutionException if it has ended
   */
  @Override
  public void execute(Runnable command) {
    synchronized (lock) {
      if (state == State.ENDED) throw new RejectedExecutionException("execute() of " + this);
      map.execute(command);
    }
  }

  /**
   * Begins to stop: dispatchers may finish for so long, then they are closed. Returns at once; see
   * {@link #join}. Of several times the one that ends first holds.
   *
   * @param drain how long at most, from zero on
   */
  public void stop(Duration drain) {
    Objects.requireNonNull(drain, "drain is null");
    if (drain.isNegative()) throw new IllegalArgumentException("drain < 0: " + drain);
    long drainNanos = drain.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : drain.toNanos();
    synchronized (lock) {
      drainFor(drainNanos);
      if (state == State.DRAINING) map.stop(); // Its loop() returns, and run() looks at the time.
    }
  }

  private void drainFor(long drainNanos) {
    long endNanos = map.nanoTime() + drainNanos;
    switch (state) {
      case NEW -> end();
      case RUNNING -> {
        state = State.DRAINING;
        drainEndNanos = endNanos;
      }
      case DRAINING -> {
        if (endNanos - drainEndNanos < 0) drainEndNanos = endNanos;
      }
      case ENDED -> {
        // There is nothing left to stop.
      }
    }
  }

  private void end() {
    state = State.ENDED;
    ended.countDown();
  }

  /**
   * Waits for the end.
   *
   * @return whether it has come within this time
   * @throws LoopFailedException if it came by an exception
   * @throws IllegalStateException on its own thread
   */
  public boolean join(Duration limit) throws InterruptedException {
    Objects.requireNonNull(limit, "limit is null");
    if (limit.isNegative()) throw new IllegalArgumentException("limit < 0: " + limit);
    if (!awaitEnd(limit)) return false;
    throwFailure();
    return true;
  }

  boolean awaitEnd(Duration limit) throws InterruptedException {
    needOther("join");
    long limitNanos = limit.compareTo(LONGEST) > 0 ? Long.MAX_VALUE : limit.toNanos();
    return ended.await(limitNanos, TimeUnit.NANOSECONDS);
  }

  /**
   * Stops, with {@link #DEFAULT_DRAIN}, and waits for the end, as long as a callback takes. An
   * interrupt has it drain no longer, and is set again.
   *
   * @throws LoopFailedException if an exception has ended the loop
   * @throws IllegalStateException on its own thread
   */
  @Override
  public void close() {
    needOther("close");
    stop(DEFAULT_DRAIN);
    boolean isInterrupted = false;
    while (true) {
      try {
        ended.await();
        break;
      } catch (InterruptedException impatient) {
        isInterrupted = true;
        stop(Duration.ZERO);
      }
    }
    if (isInterrupted) Thread.currentThread().interrupt();
    throwFailure();
  }

  void needOther(String method) {
    if (Thread.currentThread() == thread) {
      throw new IllegalStateException(method + "() on its own thread, of " + this);
    }
  }

  void throwFailure() {
    synchronized (lock) {
      if (failure != null) throw new LoopFailedException(thread.getName(), failure);
    }
  }

  // --- on its thread ---

  private void run() {
    try {
      while (state() == State.RUNNING) {
        if (passes(Pollster.FOREVER, -1)) ended(); // Else somebody took the exception.
      }
      drain();
    } catch (Throwable thrown) {
      failed(thrown);
    } finally {
      closeRest();
    }
  }

  /** Makes passes; says whether they ended without an exception. */
  private boolean passes(long waitNanos, int count) throws InterruptedException {
    try {
      Asyncore.passes(map, waitNanos, usePoll, count);
      return true;
    } catch (InterruptedException interrupted) {
      stop(Duration.ZERO); // Whoever interrupts wants that.
      return false;
    } catch (Throwable thrown) {
      if (uncaught == null || LoopExit.leavesLoop(thrown)) throw thrown;
      uncaught.uncaughtException(thread, thrown);
      return false;
    }
  }

  /** The loop has ended: by stop(), which has set the time, or else there is none. */
  private void ended() {
    synchronized (lock) {
      if (state == State.RUNNING) drainFor(0);
    }
  }

  private void drain() throws InterruptedException {
    map.execute(this::tellDispatchers);
    while (!hasToldAll && leftNanos() > 0) passes(0, 1); // Commands taken before come before.
    map.keepRunning(false);
    while (!Asyncore.isOver(map) && leftNanos() > 0) {
      ScheduledCall limit = map.callLater(Duration.ofNanos(leftNanos()), map::stop);
      try {
        passes(Pollster.FOREVER, -1);
      } finally {
        limit.cancel();
      }
    }
  }

  private long leftNanos() {
    synchronized (lock) {
      return state == State.DRAINING ? Math.max(0, drainEndNanos - map.nanoTime()) : 0;
    }
  }

  private void tellDispatchers() {
    hasToldAll = true; // A listener that is told now makes dispatchers.
    map.values().forEach(LoopThread::tell);
  }

  /** Tells a dispatcher that was made after the others were told. On its thread. */
  void tellIfLate(Dispatcher made) {
    if (hasToldAll) tell(made);
  }

  private static void tell(Dispatcher dispatcher) {
    Callbacks.stop(dispatcher);
  }

  private void failed(Throwable thrown) {
    synchronized (lock) {
      if (state == State.RUNNING) drainFor(Linger.limit().getAsLong()); // As loop() does.
      if (failure == null) failure = thrown;
      else if (failure != thrown) failure.addSuppressed(thrown);
    }
    onFailure.run();
  }

  private void closeRest() {
    closeAll();
    int left;
    synchronized (lock) {
      state = State.ENDED; // From here on nobody adds commands by execute().
      left = map.commandCount();
    }
    for (; left > 0 && map.commandCount() > 0; left--) runLeftCommands();
    map.keepRunning(false);
    closeAll(); // What they have opened.
    map.calls().takeStop();
    ended.countDown();
  }

  private void closeAll() {
    try {
      Asyncore.closeEach(map, true);
      if (map.hasTransport()) map.loop().closeOthers();
      Linger.drain(map, this::leftNanos);
    } catch (InterruptedException impatient) {
      map.loop().cutOff(); // Whoever interrupts wants the end, and this is it.
    } catch (Throwable thrown) {
      failed(thrown);
      map.clear();
    }
  }

  private void runLeftCommands() {
    Thread.interrupted(); // No pass begins with it, and the thread is about to end.
    try {
      map.keepRunning(true);
      Asyncore.pass(map, 0, usePoll, false, map.calls().stops());
    } catch (Throwable thrown) {
      failed(thrown);
    }
  }

  @Override
  public String toString() {
    return thread.getName() + ", " + state();
  }
}
