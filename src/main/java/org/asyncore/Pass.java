package org.asyncore;

import java.lang.ref.WeakReference;
import org.asyncore.internal.LoopPollster;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Pollster;
import org.asyncore.transport.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * One turn of the loop over one map: ask, wait, freeze, call. {@code asyncore.poll} and {@code
 * asyncore.poll2}.
 *
 * <pre>
 * ask      readable() then writable() of every dispatcher, in map order; see {@link InterestTable}
 * wait     the transport's I/O: not at all if something is ready, else up to the timeout
 * freeze   which numbers are ready, which calls are due; what comes later belongs to the next pass
 * strike   deadlines that have passed, such as timeouts
 * call     select: all reads, then all writes, then all exceptions, each in map order
 *          poll: number by number, each read, write, urgent, hang-up
 * due      commands of execute(), then scheduled calls
 * flush    what a dispatcher's callbacks sent and is held back, once after them
 * </pre>
 *
 * <p>Confined to the thread that holds the transport's turn. A pass that runs inside a callback of
 * another one is an object of its own. One that ended well serves the next turn, too.
 */
final class Pass {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final SocketMap map;
  private final LoopPollster pollster;
  private final InterestTable asked;

  Pass(SocketMap map) {
    this.map = map;
    pollster = map.loop().pollster();
    pollster.alarm(new Alarm(map));
    asked = new InterestTable(map, pollster);
  }

  /**
   * What a map has to call at a time. Keeps the map from no collector: a loop reaches its pollsters
   * as long as a socket of it is open.
   */
  private static final class Alarm extends WeakReference<SocketMap> implements LoopPollster.Alarm {
    Alarm(SocketMap map) {
      super(map);
    }

    @Override
    public long untilNanos() {
      SocketMap map = get();
      return map == null ? Pollster.FOREVER : map.calls().untilNanos();
    }
  }

  /** Says whether another pass follows at once. */
  Pass followed(boolean isFollowed) {
    pollster.followed(isFollowed);
    return this;
  }

  /** Select's way; see {@link Asyncore#poll}. */
  void select(long waitNanos) throws InterruptedException {
    LoopObserver observer = map.observer;
    try {
      if (observer != null) map.passes().started(observer);
      asked.ask(true, observer);
      if (asked.count() == 0
          && waitNanos == Pollster.FOREVER
          && !map.calls().areUsed()
          && !map.loop().isBusy()) {
        // As poll: time.sleep(None) is a TypeError, and nothing could ever end this wait.
        throw new NullPointerException("no timeout, and no channel is readable or writable");
      }
      await(waitNanos, observer);
      asked.freeze();
      LoopCalls.Due due = map.calls().freeze();
      callPosted();
      if (due != null) due.strike(pollster);
      for (int k = 0; k < pollster.readyCount(); k++) {
        if ((pollster.events(k) & Readiness.NVAL) != 0) throw new OsException(Errno.EBADF);
      }
      callAll(Readiness.IN, Readiness.IN | Readiness.HUP | Readiness.ERR);
      callAll(Readiness.OUT, Readiness.OUT | Readiness.ERR);
      callAll(Readiness.PRI, Readiness.PRI);
      if (due != null) due.run(pollster);
    } finally {
      end(observer);
    }
  }

  /** Poll's way; see {@link Asyncore#poll2}. */
  void poll(long waitNanos) throws InterruptedException {
    LoopObserver observer = map.observer;
    try {
      if (observer != null) map.passes().started(observer);
      asked.ask(false, observer);
      // As poll2: whole milliseconds.
      await(
          waitNanos == Pollster.FOREVER ? waitNanos : waitNanos - waitNanos % NANOS_PER_MILLI,
          observer);
      asked.freeze();
      LoopCalls.Due due = map.calls().freeze();
      callPosted();
      if (due != null) due.strike(pollster);
      for (int k = 0; k < pollster.readyCount(); k++) {
        Dispatcher dispatcher = toCall(pollster.index(k));
        if (dispatcher == null) continue; // Closed by an earlier callback of this pass.
        map.passes().called(dispatcher);
        Asyncore.readwrite(dispatcher, pollster.events(k));
        called();
      }
      if (due != null) due.run(pollster);
    } finally {
      end(observer);
    }
  }

  private void end(@Nullable LoopObserver observer) {
    try {
      pollster.done();
    } finally {
      if (observer != null) map.passes().ended(observer);
    }
  }

  /** What handlers in front of dispatchers have to tell them. */
  private void callPosted() {
    for (Runnable call; (call = pollster.posted()) != null; ) call.run();
  }

  private void await(long waitNanos, @Nullable LoopObserver observer) throws InterruptedException {
    pollster.busyPoll(map.busyPollNanos());
    pollster.sendAtOnce(map.sendAtOnce());
    if (observer == null) {
      pollster.poll(waitNanos);
      return;
    }
    boolean timed = observer.wantsWaits(map);
    long began = timed ? map.nanoTime() : 0;
    pollster.poll(waitNanos);
    long waited = timed ? map.nanoTime() - began : 0;
    observer.waited(map, asked.count(), pollster.readyCount(), waited);
  }

  /** Calls those that asked for {@code wanted} and have one of {@code found}, in map order. */
  private void callAll(int wanted, int found) {
    for (int k = 0; k < pollster.readyCount(); k++) {
      int index = pollster.index(k);
      if ((asked.interest(index) & wanted) == 0 || (pollster.events(k) & found) == 0) continue;
      Dispatcher dispatcher = toCall(index);
      if (dispatcher == null) continue; // Closed by an earlier callback of this pass.
      map.passes().called(dispatcher);
      switch (wanted) {
        case Readiness.IN -> Asyncore.read(dispatcher);
        case Readiness.OUT -> Asyncore.write(dispatcher);
        default -> Asyncore.exception(dispatcher);
      }
      called();
    }
  }

  /** Whoever has the number by now, unless the map wants whoever was asked; null for nobody. */
  private @Nullable Dispatcher toCall(int index) {
    Dispatcher dispatcher = map.get(asked.number(index));
    if (dispatcher == null || !map.dispatchByIdentity()) return dispatcher;
    return asked.isOf(index, dispatcher) ? dispatcher : null;
  }

  private void called() {
    map.passes().called(null);
    pollster.flush();
  }
}
