package org.asyncore;

import java.util.Arrays;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Pollster;
import org.asyncore.transport.Readiness;

/**
 * One turn of the loop over one map: ask, wait, freeze, call. {@code asyncore.poll} and {@code
 * asyncore.poll2}.
 *
 * <pre>
 * ask      readable() then writable() of every dispatcher, in map order
 * wait     the transport's I/O: not at all if something is ready, else up to the timeout
 * freeze   which numbers are ready, which calls are due; what comes later belongs to the next pass
 * call     select: all reads, then all writes, then all exceptions, each in map order
 *          poll: number by number, each read, write, urgent, hang-up
 * due      commands of execute(), then scheduled calls
 * flush    what a dispatcher's callbacks sent, once after them
 * </pre>
 *
 * <p>Confined to the thread that holds the transport's turn. A pass that runs inside a callback of
 * another one is an object of its own: nothing of a pass lives in the map.
 */
final class Pass {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final SocketMap map;
  private final Pollster pollster;

  /** What was asked, in the order of the pollster's indices. */
  private int[] numbers = new int[16];

  private int[] interests = new int[16];
  private int asked;

  Pass(SocketMap map) {
    this.map = map;
    pollster = map.transport().pollster();
    pollster.alarm(map::untilCalledNanos);
  }

  /** Select's way; see {@link Asyncore#poll}. */
  void select(long waitNanos) throws InterruptedException {
    LoopObserver observer = map.observer;
    if (observer != null) map.passStarted(observer);
    try {
      ask(true, observer);
      if (asked == 0
          && waitNanos == Pollster.FOREVER
          && !map.isCallable()
          && !map.transport().isBusy()) {
        // As poll: time.sleep(None) is a TypeError, and nothing could ever end this wait.
        throw new NullPointerException("no timeout, and no channel is readable or writable");
      }
      await(waitNanos, observer);
      LoopCalls.Due due = map.dueCalls();
      callPosted();
      for (int k = 0; k < pollster.readyCount(); k++) {
        if ((pollster.events(k) & Readiness.NVAL) != 0) throw new OsException(Errno.EBADF);
      }
      callAll(Readiness.IN, Readiness.IN | Readiness.HUP | Readiness.ERR);
      callAll(Readiness.OUT, Readiness.OUT | Readiness.ERR);
      callAll(Readiness.PRI, Readiness.PRI);
      if (due != null) due.run(pollster);
    } finally {
      pollster.done();
      if (observer != null) map.passEnded(observer);
    }
  }

  /** Poll's way; see {@link Asyncore#poll2}. */
  void poll(long waitNanos) throws InterruptedException {
    LoopObserver observer = map.observer;
    if (observer != null) map.passStarted(observer);
    try {
      ask(false, observer);
      // As poll2: whole milliseconds.
      await(
          waitNanos == Pollster.FOREVER ? waitNanos : waitNanos - waitNanos % NANOS_PER_MILLI,
          observer);
      LoopCalls.Due due = map.dueCalls();
      callPosted();
      for (int k = 0; k < pollster.readyCount(); k++) {
        Dispatcher dispatcher = map.get(numbers[pollster.index(k)]);
        if (dispatcher == null) continue; // Closed by an earlier callback of this pass.
        Asyncore.readwrite(dispatcher, pollster.events(k));
        pollster.flush();
      }
      if (due != null) due.run(pollster);
    } finally {
      pollster.done();
      if (observer != null) map.passEnded(observer);
    }
  }

  /** What handlers in front of dispatchers have to tell them. */
  private void callPosted() {
    for (Runnable call; (call = pollster.posted()) != null; ) call.run();
  }

  private void await(long waitNanos, LoopObserver observer) throws InterruptedException {
    if (observer == null) {
      pollster.poll(waitNanos);
      return;
    }
    long began = System.nanoTime();
    pollster.poll(waitNanos);
    observer.waited(map, asked, pollster.readyCount(), System.nanoTime() - began);
  }

  private void ask(boolean select, LoopObserver observer) {
    boolean tell = observer != null && observer.wantsAsked();
    pollster.clear(!select);
    map.asks();
    asked = 0;
    SocketMap.Snapshot rows = map.snapshot();
    SocketMap.Entry[] entries = rows.entries;
    for (int i = 0, size = rows.size; i < size; i++) {
      SocketMap.Entry entry = entries[i];
      Dispatcher dispatcher = entry.dispatcher;
      boolean readable = dispatcher.readable();
      boolean writable = dispatcher.writable();
      if (tell) observer.asked(dispatcher, readable, writable);
      int interest = readable ? Readiness.IN | Readiness.PRI : 0;
      if (readable && dispatcher.isAcceptPaused()) interest = Readiness.PRI; // Which never comes.
      if (writable && !dispatcher.accepting())
        interest |= Readiness.OUT; // A listener is never written.
      // Select looks for urgent data if either was wanted, even of a listener that only wants to
      // write.
      if (select && writable) interest |= Readiness.PRI;
      if (interest != 0) add(entry.number, dispatcher.socket(), interest);
    }
  }

  private void add(int number, AsyncSocket socket, int interest) {
    if (asked == numbers.length) {
      numbers = Arrays.copyOf(numbers, asked * 2);
      interests = Arrays.copyOf(interests, asked * 2);
    }
    numbers[asked] = number;
    interests[asked++] = interest;
    // The number is what counts: a socket that no longer has it is as good as closed.
    pollster.register(socket != null && socket.fileno() == number ? socket : null, interest);
  }

  /** Calls those that asked for {@code wanted} and have one of {@code found}, in map order. */
  private void callAll(int wanted, int found) {
    for (int k = 0; k < pollster.readyCount(); k++) {
      int index = pollster.index(k);
      if ((interests[index] & wanted) == 0 || (pollster.events(k) & found) == 0) continue;
      Dispatcher dispatcher = map.get(numbers[index]);
      if (dispatcher == null) continue; // Closed by an earlier callback of this pass.
      switch (wanted) {
        case Readiness.IN -> Asyncore.read(dispatcher);
        case Readiness.OUT -> Asyncore.write(dispatcher);
        default -> Asyncore.exception(dispatcher);
      }
      pollster.flush();
    }
  }
}
