package org.asyncore;

import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.asyncore.transport.Pollster;
import org.jspecify.annotations.Nullable;

/**
 * A call that a loop is to make later, and the handle to cancel it by: asyncio's {@code
 * TimerHandle}, Netty's {@code ScheduledFuture}. Made by {@code callLater} and {@code callEvery} of
 * a {@link SocketMap} or a {@link Dispatcher}.
 *
 * <pre>
 * state      event                                      next
 * WAITING    its time has come, in a pass               RUNNING
 * WAITING    cancel(), or its dispatcher closes         CANCELLED
 * RUNNING    ends, of callLater                         DONE
 * RUNNING    ends, of callEvery                         WAITING
 * RUNNING    cancel(), or its dispatcher closes: every  CANCELLED   (this run goes on to its end)
 * RUNNING    the same, of callLater                     DONE        (too late, at its end)
 * WAITING    reset()                                    WAITING     (as long again as at first)
 * RUNNING    reset(), of callEvery                      RUNNING     (a period from then, once it ends)
 * </pre>
 *
 * <p>A run that throws ends, too: a call of {@code callEvery} comes again. One that is done or
 * cancelled is not kept by the loop. Safe from any thread.
 *
 * <p>A deadline is one that is put off as long as it is not due yet, and waits again after a run.
 */
public final class ScheduledCall {
  enum State {
    WAITING,
    RUNNING,
    DONE,
    CANCELLED
  }

  private static final long ONCE = 0;

  /** A century is as good as for ever, and two of them may be added. */
  private static final Duration LONGEST = Duration.ofDays(36_525);

  private final CallQueue queue;
  private final Runnable call;

  /** How long it waits; of callEvery, each time. */
  private final long delayNanos;

  private final long periodNanos;

  /** Of a deadline: how long it is not due yet, as far as is known; null for another call. */
  private final @Nullable LongSupplier untilNanos;

  /** Whose calls it belongs to; null for nobody's. */
  private final @Nullable BoundCalls owner;

  /** When it is due, on the clock of its queue. Changes only while it is not in there. */
  long dueNanos;

  /** Which came first, of two that are due at the same time. For the queue. */
  long order;

  /** For the queue: by what it finds the call again, if it needs that. */
  @Nullable Object ticket;

  /** Guarded by this. */
  private State state = State.WAITING;

  private ScheduledCall(
      CallQueue queue,
      Runnable call,
      long delayNanos,
      long periodNanos,
      @Nullable LongSupplier untilNanos,
      @Nullable BoundCalls owner) {
    this.queue = queue;
    this.call = call;
    this.delayNanos = delayNanos;
    this.periodNanos = periodNanos;
    this.untilNanos = untilNanos;
    this.owner = owner;
  }

  static ScheduledCall later(
      CallQueue queue, Duration delay, Runnable call, @Nullable BoundCalls owner) {
    Objects.requireNonNull(delay, "delay is null");
    if (delay.isNegative()) throw new IllegalArgumentException("delay < 0: " + delay);
    needCall(call);
    return new ScheduledCall(queue, call, nanos(delay), ONCE, null, owner).scheduled();
  }

  /** See {@link Callbacks#deadline}. */
  static ScheduledCall deadline(
      CallQueue queue, LongSupplier untilNanos, Runnable call, BoundCalls owner) {
    long delayNanos = untilNanos.getAsLong();
    return new ScheduledCall(queue, call, delayNanos, ONCE, untilNanos, owner).scheduled();
  }

  static ScheduledCall every(
      CallQueue queue, Duration period, Runnable call, @Nullable BoundCalls owner) {
    Objects.requireNonNull(period, "period is null");
    if (period.isNegative() || period.isZero()) {
      throw new IllegalArgumentException("period is not positive: " + period);
    }
    needCall(call);
    long nanos = nanos(period);
    return new ScheduledCall(queue, call, nanos, nanos, null, owner).scheduled();
  }

  private static void needCall(Runnable call) {
    Objects.requireNonNull(call, "call is null");
  }

  private static long nanos(Duration duration) {
    return (duration.compareTo(LONGEST) > 0 ? LONGEST : duration).toNanos();
  }

  private synchronized ScheduledCall scheduled() {
    dueNanos = queue.nowNanos() + delayNanos;
    queue.add(this);
    if (owner != null) owner.add(this);
    return this;
  }

  /**
   * Has it not run any more. A run that is under way goes on to its end.
   *
   * @return whether this call has changed anything: false if it was cancelled before, has run, or,
   *     of {@code callLater}, is running
   */
  public synchronized boolean cancel() {
    boolean isTooLate = state == State.RUNNING && periodNanos == ONCE && !isDeadline();
    if (isTooLate || state == State.DONE || state == State.CANCELLED) return false;
    state = State.CANCELLED;
    queue.remove(this);
    forget();
    return true;
  }

  /**
   * Has it wait from now on as long as it did at first: a timer that starts anew with each sign of
   * life. Of {@code callEvery} the next runs follow a period apart. asyncio has no such call; it is
   * that of Twisted's delayed calls and of pyftpdlib's.
   *
   * @return whether this call has changed anything: false if it was cancelled or has run, or, of
   *     {@code callLater}, is running
   */
  public synchronized boolean reset() {
    boolean isTooLate = state == State.RUNNING && periodNanos == ONCE;
    if (isTooLate || state == State.DONE || state == State.CANCELLED) return false;
    boolean waits = state == State.WAITING;
    if (waits) queue.remove(this);
    dueNanos = queue.nowNanos() + (waits ? delayNanos : 0); // One that runs adds its period itself.
    if (waits) queue.add(this);
    return true;
  }

  /** Whether {@link #cancel} came before its time, or its dispatcher closed before. */
  public synchronized boolean isCancelled() {
    return state == State.CANCELLED;
  }

  /** Whether it will not run any more: it has, or it is cancelled. */
  public synchronized boolean isDone() {
    return state == State.DONE || state == State.CANCELLED;
  }

  /** How long until it is due; zero while it is overdue, or running, or once it is done. */
  public synchronized Duration delay() {
    if (state != State.WAITING) return Duration.ZERO;
    return Duration.ofNanos(Math.max(0, dueNanos - queue.nowNanos()));
  }

  /** Whether it is made before the callbacks of a pass, where other calls come after them. */
  boolean isDeadline() {
    return untilNanos != null;
  }

  /** Its time has come: whether it stands, else it waits for another time, or is done. */
  synchronized boolean isDue() {
    if (untilNanos == null || state != State.WAITING) return true;
    long leftNanos = untilNanos.getAsLong();
    if (leftNanos <= 0) return true;
    await(leftNanos);
    return false;
  }

  private void await(long nanos) {
    if (nanos == Pollster.FOREVER) {
      state = State.DONE;
      forget();
      return;
    }
    state = State.WAITING;
    dueNanos = queue.nowNanos() + nanos;
    queue.add(this);
  }

  /** Its time has come. For the thread inside {@code loop}. */
  void run() {
    if (!isDue() || !begins()) return; // A deadline may have been met by this very pass.
    try {
      if (owner == null) call.run();
      else owner.call(call);
    } finally {
      ended();
    }
  }

  private synchronized boolean begins() {
    if (state != State.WAITING) return false; // Cancelled after it was found to be due.
    state = State.RUNNING;
    return true;
  }

  private synchronized void ended() {
    if (state == State.CANCELLED) return;
    if (periodNanos == ONCE) {
      await(untilNanos != null ? untilNanos.getAsLong() : Pollster.FOREVER);
      return;
    }
    state = State.WAITING;
    long lateNanos = Math.max(0, queue.nowNanos() - dueNanos);
    dueNanos += (lateNanos / periodNanos + 1) * periodNanos; // What was missed is not made up for.
    queue.add(this);
  }

  private void forget() {
    if (owner != null) owner.remove(this);
  }

  @Override
  public synchronized String toString() {
    return "call of " + call + ", " + state;
  }
}
