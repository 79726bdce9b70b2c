package org.asyncore;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.asyncore.internal.LoopPollster;
import org.asyncore.transport.Pollster;
import org.jspecify.annotations.Nullable;

/**
 * What a map's loop is asked for beside its dispatchers: commands to execute, scheduled calls, a
 * wake-up, a stop. A map has one from the first time that any of it is used.
 *
 * <p>Safe from any thread. Calls are made by a pass, on its thread and without a lock.
 */
final class LoopCalls implements CallQueue, LoopPollster.Alarm {
  /** How long the commands of one pass may take, and how long its scheduled calls. */
  private static final long SHARE_NANOS = 10_000_000;

  /** The clock is looked at once in so many calls. */
  private static final int CALLS_A_LOOK = 64;

  private final LongSupplier clock;
  private final long startNanos;

  /** Guarded by this, as is all that is not volatile. */
  private final Queue<Runnable> commands = new ArrayDeque<>();

  private final Timeline scheduled = new Timeline();

  /** Those that a pass makes before its callbacks. */
  private final Timeline deadlines = new Timeline();

  private long lastOrder;
  private boolean woken;

  /** Whether a pass has something to do, or to notice, at once. */
  private volatile boolean rings;

  /** How often {@link #stop} was called. */
  private volatile long stops;

  /** A stop that no loop has heeded yet. */
  private volatile boolean stopWaits;

  private volatile boolean keepsRunning;

  /** Whether a pass has begun to ask and may be waiting: it does not see who comes into the map. */
  private volatile boolean asking;

  LoopCalls(LongSupplier clock) {
    this.clock = clock;
    startNanos = clock.getAsLong();
  }

  // --- the clock and the alarm ---

  @Override
  public long nowNanos() {
    return clock.getAsLong() - startNanos;
  }

  @Override
  public long untilNanos() {
    if (rings) return 0;
    long due = Math.min(scheduled.firstDueNanos(), untilDeadline());
    return due == Pollster.FOREVER ? Pollster.FOREVER : Math.max(0, due - nowNanos());
  }

  /** When the first deadline is due, after those were put off that are not, after all. */
  private long untilDeadline() {
    for (; ; ) {
      long due = deadlines.firstDueNanos();
      if (due == Pollster.FOREVER || due > nowNanos()) return due;
      ScheduledCall first = next(deadlines, due, Long.MAX_VALUE);
      if (first == null || !first.isDue()) continue;
      add(first);
      return due;
    }
  }

  private synchronized @Nullable ScheduledCall next(
      Timeline timeline, long atNanos, long untilOrder) {
    return timeline.next(atNanos, untilOrder);
  }

  // --- what is asked for ---

  synchronized void execute(Runnable command) {
    commands.add(command);
    rings = true;
  }

  synchronized int commandCount() {
    return commands.size();
  }

  /**
   * Without deadlines: one that has passed may have been put off, which is asked when it counts.
   */
  int dueCount() {
    long now = nowNanos();
    if (scheduled.firstDueNanos() > now) return 0;
    synchronized (this) {
      return scheduled.dueCount(now);
    }
  }

  synchronized void wake() {
    woken = true;
    rings = true;
  }

  @Override
  public synchronized void add(ScheduledCall call) {
    call.order = ++lastOrder;
    timeline(call).add(call);
  }

  @Override
  public synchronized void remove(ScheduledCall call) {
    timeline(call).remove(call);
  }

  private Timeline timeline(ScheduledCall call) {
    return call.isDeadline() ? deadlines : scheduled;
  }

  // --- for passes ---

  /** A pass begins: from now on it may miss who comes into the map. */
  void ask() {
    asking = true;
  }

  boolean isAsking() {
    return asking;
  }

  /** The wait is over: what is due now, or null. What comes later belongs to the next pass. */
  @Nullable Due freeze() {
    asking = false;
    if (untilNanos() > 0) return null;
    synchronized (this) {
      woken = false;
      rings = !commands.isEmpty();
      return new Due(commands.size(), nowNanos(), lastOrder);
    }
  }

  /** The calls of one pass: so many commands, and what was due at a time and scheduled before. */
  final class Due {
    private int commandCount;
    private final long atNanos;
    private final long untilOrder;

    private Due(int commandCount, long atNanos, long untilOrder) {
      this.commandCount = commandCount;
      this.atNanos = atNanos;
      this.untilOrder = untilOrder;
    }

    /** Makes the calls of deadlines, ahead of the pass's callbacks. */
    void strike(LoopPollster pollster) {
      run(deadlines, pollster);
    }

    /**
     * Makes the other calls, each of which may change or empty what is left. Commands and scheduled
     * calls have a share of the pass's time each; what is left when it is over comes in the next
     * pass.
     */
    void run(LoopPollster pollster) {
      long startNanos = nowNanos();
      int made = 0;
      for (Runnable command; isInTime(made, startNanos); made++) {
        if ((command = nextCommand()) == null) break;
        command.run();
        pollster.flush();
      }
      run(scheduled, pollster);
    }

    private void run(Timeline timeline, LoopPollster pollster) {
      if (timeline.firstDueNanos() > atNanos) return;
      long startNanos = nowNanos();
      int made = 0;
      for (ScheduledCall call; isInTime(made, startNanos); made++) {
        if ((call = next(timeline, atNanos, untilOrder)) == null) break;
        call.run();
        pollster.flush();
      }
    }

    private boolean isInTime(int made, long startNanos) {
      return made == 0 || made % CALLS_A_LOOK != 0 || nowNanos() - startNanos < SHARE_NANOS;
    }

    private @Nullable Runnable nextCommand() {
      if (commandCount-- == 0) return null;
      synchronized (LoopCalls.this) {
        Runnable command = commands.poll(); // Null if a nested loop() was here before.
        rings = woken || !commands.isEmpty();
        return command;
      }
    }
  }

  // --- going on and stopping ---

  void keepRunning(boolean keepRunning) {
    keepsRunning = keepRunning;
  }

  boolean keepsRunning() {
    return keepsRunning;
  }

  synchronized void stop() {
    stops++;
    stopWaits = true;
    wake();
  }

  long stops() {
    return stops;
  }

  /** Whether there was a stop while nobody looped; asking forgets it. */
  synchronized boolean takeStop() {
    boolean waited = stopWaits;
    stopWaits = false;
    return waited;
  }
}
