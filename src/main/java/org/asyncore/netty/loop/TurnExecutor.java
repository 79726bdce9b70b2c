package org.asyncore.netty.loop;

import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An executor that has no thread of its own: it runs on whichever thread holds its <em>turn</em>.
 *
 * <p>{@link #takeTurn} and {@link #giveTurn} are for a pass, which may hold the turn while it
 * waits. {@link #enter} and {@link #exit} are for a short operation: it wakes a holder that waits,
 * which steps aside for it and then goes on waiting. So bind and close are immediate from any
 * thread, unless a callback is running.
 *
 * <p>Tasks run when the turn is given back and while a pass waits, a {@link WorkShare} each time;
 * while nobody has the turn, on the thread that brings them, so that a native {@code bind().sync()}
 * ends before any {@code loop()}.
 */
abstract class TurnExecutor extends AbstractScheduledEventExecutor {
  private static final long MOMENT_NANOS = 10_000_000;

  /** How often a thread that waits for the turn looks whether it still should. */
  private static final long SLICE_NANOS = 1_000_000;

  /**
   * Held through a pass, also while it steps aside: another pass in between would take its sockets
   * from it. Fair: two loops over one map alternate.
   */
  private final ReentrantLock passes = new ReentrantLock(true);

  /** Held by whoever does anything; fair, so that a pass that steps aside lets everybody in. */
  private final ReentrantLock turn = new ReentrantLock(true);

  private volatile Thread owner;

  /**
   * How often its owner has taken the turn beyond the first time: a call in a callback does, and to
   * count that here is cheaper than to have the lock count it. For the owner.
   */
  private int depth;

  /**
   * Whether a callback, a predicate or a task of the program runs, which may wait for anything;
   * written by the holder of the turn, several times a pass, so cheaply: whoever sees it late looks
   * again soon, or takes a way that is right at any time.
   */
  private final AtomicBoolean calling = new AtomicBoolean();

  /** How many short operations are waiting for the turn. */
  private final AtomicInteger demands = new AtomicInteger();

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  /** Gets the tasks of the turn's holder while it {@linkplain #settle settles} something. */
  private volatile Queue<Runnable> deferred;

  /** Whether {@link #runRest} is to come. */
  private final AtomicBoolean restIsDue = new AtomicBoolean();

  /** Has whoever waits under the turn look again at what it waits for. From any thread. */
  public abstract void wakeup();

  // --- the turn ---

  public void takeTurn() throws InterruptedException {
    passes.lockInterruptibly();
    beginPass();
  }

  /** As {@link #takeTurn}, but gives up after a moment if another pass is under way. */
  public boolean tryTakeTurn() throws InterruptedException {
    if (!passes.tryLock(MOMENT_NANOS, TimeUnit.NANOSECONDS)) return false;
    beginPass();
    return true;
  }

  /** Whether a thread makes a pass. */
  public boolean isInPass() {
    return passes.isLocked();
  }

  private void beginPass() throws InterruptedException {
    if (deepen()) return; // A loop in a callback of another one.
    try {
      turn.lockInterruptibly();
    } catch (InterruptedException interrupted) {
      passes.unlock();
      throw interrupted;
    }
    owner = Thread.currentThread();
  }

  public void giveTurn() {
    try {
      exit();
    } finally {
      passes.unlock();
    }
  }

  /** Takes the turn once more if the caller has it; says whether it has. */
  private boolean deepen() {
    if (owner != Thread.currentThread()) return false;
    depth++;
    return true;
  }

  /** Ends a short operation. */
  public void exit() {
    if (depth > 0) {
      depth--;
      return;
    }
    boolean all;
    do {
      try {
        all = runTasks();
      } finally {
        owner = null;
        turn.unlock();
      }
      // One that came when it was too late for this turn is run in another.
    } while (all && !tasks.isEmpty() && enterIfFree());
    if (!all) runRestSoon();
  }

  /**
   * As {@link #enter}, unless somebody has to be waited for; says whether the caller has the turn.
   */
  public final boolean enterIfFree() {
    if (deepen()) return true;
    if (!turn.tryLock()) return false;
    owner = Thread.currentThread();
    return true;
  }

  /** Runs what waits if nobody holds the turn; else the holder does. */
  private void runIfFree() {
    if (enterIfFree()) exit();
  }

  /**
   * Tasks are left that were more than a share. If no pass comes for them, as before any {@code
   * loop()}, Netty's thread for such things goes on with them: somebody may wait for one.
   */
  private void runRestSoon() {
    if (!restIsDue.compareAndSet(false, true)) return;
    var unused =
        GlobalEventExecutor.INSTANCE.schedule(this::runRest, MOMENT_NANOS, TimeUnit.NANOSECONDS);
  }

  private void runRest() {
    restIsDue.set(false);
    if (!isShutdown()) runIfFree();
  }

  /** Takes the turn for a short operation, from any thread. */
  public void enter() {
    if (deepen()) return;
    if (!turn.tryLock()) {
      demands.incrementAndGet();
      try {
        wakeup();
        turn.lock();
      } finally {
        demands.decrementAndGet();
      }
    }
    owner = Thread.currentThread();
  }

  /**
   * As {@link #enter}, but does not wait for a callback, a predicate or a task of the program to
   * end: it may be waiting for this thread.
   *
   * @return whether the caller has the turn; if not, one of these is running
   */
  public boolean enterUnlessCalling() {
    if (deepen()) return true;
    if (!turn.tryLock() && !awaitTurn()) return false;
    owner = Thread.currentThread();
    return true;
  }

  /**
   * As {@link #enterUnlessCalling}, for a call that only the holder of the turn can make.
   *
   * @throws IllegalStateException if a callback, a predicate or a task of the program is running
   */
  public void enterOrRefuse(String call) {
    if (enterUnlessCalling()) return;
    Thread holder = owner;
    throw new IllegalStateException(
        call
            + "() on "
            + Thread.currentThread().getName()
            + " while a callback runs on "
            + (holder == null ? "another thread" : holder.getName())
            + " (docs/differences.md#one-turn-at-a-time)");
  }

  /**
   * Waits for the turn as long as its holder waits itself, or is in a short operation. Interrupts
   * are left for others to see.
   */
  private boolean awaitTurn() {
    boolean isInterrupted = false;
    demands.incrementAndGet();
    try {
      wakeup();
      while (true) {
        if (calling.get()) return turn.tryLock();
        try {
          if (turn.tryLock(SLICE_NANOS, TimeUnit.NANOSECONDS)) return true;
        } catch (InterruptedException interrupted) {
          isInterrupted = true;
        }
      }
    } finally {
      demands.decrementAndGet();
      if (isInterrupted) Thread.currentThread().interrupt();
    }
  }

  /** Whether the holder of the turn is in code of the program. */
  public boolean isCalling() {
    return calling.get();
  }

  /** Says whether code of the program runs from now on, on the turn's holder. */
  public void calling(boolean calling) {
    this.calling.lazySet(calling);
  }

  /** As {@link #enter}, but gives up after a moment. */
  public boolean tryEnter() {
    if (deepen()) return true;
    demands.incrementAndGet();
    try {
      wakeup();
      if (!turn.tryLock(MOMENT_NANOS, TimeUnit.NANOSECONDS)) return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt(); // The pass that asks sees it when it waits.
      if (!turn.tryLock()) return false;
    } finally {
      demands.decrementAndGet();
    }
    owner = Thread.currentThread();
    return true;
  }

  /**
   * Lets those go first who need the turn for a moment; the caller has it again when this returns.
   */
  public void stepAside() {
    int ownDepth = depth;
    Thread current = owner;
    depth = 0;
    owner = null;
    turn.unlock();
    turn.lock(); // Fair: whoever demanded it is in front.
    owner = current;
    depth = ownDepth;
  }

  @Override
  public boolean inEventLoop(Thread thread) {
    return owner == thread;
  }

  /** Whether a thread waits for the turn, for a short operation. */
  final boolean isDemanded() {
    return demands.get() > 0;
  }

  // --- tasks, for the holder of the turn ---

  final boolean hasTasks() {
    return !tasks.isEmpty();
  }

  /**
   * Does something that Netty does in part later, and runs that part at once: nobody else's tasks,
   * as a callback may be under way. For the holder of the turn.
   */
  public void settle(Runnable action) {
    Queue<Runnable> outer = deferred;
    Queue<Runnable> mine = new ArrayDeque<>();
    deferred = mine;
    try {
      action.run();
      for (Runnable part; (part = mine.poll()) != null; ) part.run();
    } finally {
      deferred = outer;
    }
  }

  /**
   * Runs the tasks that are due and those that were brought, a {@link WorkShare} of each. Says
   * whether there were no more of them.
   */
  boolean runTasks() {
    boolean hasScheduled = hasScheduledTasks();
    Runnable task = tasks.poll();
    if (task == null && !hasScheduled) return true;
    boolean outer = isCalling();
    calling(true);
    try {
      boolean all = !hasScheduled || runScheduled();
      return runBrought(task) && all;
    } finally {
      calling(outer);
    }
  }

  private boolean runBrought(Runnable first) {
    WorkShare share = new WorkShare();
    for (Runnable task = first; task != null; task = tasks.poll()) {
      safeExecute(task);
      if (!share.hasMore()) return tasks.isEmpty();
    }
    return true;
  }

  private boolean runScheduled() {
    long now = ticker().nanoTime(); // What becomes due meanwhile is for the next time.
    WorkShare share = new WorkShare();
    for (Runnable due; (due = pollScheduledTask(now)) != null; ) {
      safeExecute(due);
      if (!share.hasMore()) return !hasScheduledTasks();
    }
    return true;
  }

  @Override
  public void execute(Runnable task) {
    if (task == null) throw new NullPointerException("task");
    if (isShutdown()) throw new RejectedExecutionException("the loop of a released map");
    if (deferred != null && inEventLoop()) {
      deferred.add(task);
      return;
    }
    tasks.add(task);
    wakeup();
    if (!inEventLoop()) runIfFree();
  }
}
