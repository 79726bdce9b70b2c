package org.asyncore;

import java.util.function.LongSupplier;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * Calls dispatchers: each call that a loop, or whatever else drives one, makes of a dispatcher goes
 * through here. For those who drive dispatchers, not for programs, which have {@link
 * Asyncore#read}, {@link Asyncore#readwrite} and the like.
 *
 * <p>Here is decided what observers hear, and where an exception goes:
 *
 * <pre>
 * thrown by                           what                       goes to
 * readable(), writable()              anything                   the caller
 * any callback                        what leaves a loop         the caller; see {@link LoopExit}
 * readwrite, CONNECT, USER_EVENT      a broken connection's      handleClose
 *                                     OsException
 * any callback                        anything else              handleError
 * handleError, and that handleClose   anything                   the caller
 * </pre>
 *
 * <p>A callback costs nothing more than the call while nobody observes. For the thread that drives
 * the dispatcher.
 */
public final class Callbacks {
  /** What poll answers when a connection is over. */
  private static final int ENDS = Readiness.HUP | Readiness.ERR | Readiness.NVAL;

  private Callbacks() {}

  /**
   * Who is told what this dispatcher does; null for nobody. What it throws harms nobody, so whoever
   * tells it need not guard himself.
   */
  public static @Nullable LoopObserver observer(Dispatcher dispatcher) {
    return dispatcher.observer();
  }

  // --- predicates ---

  /**
   * Asks a dispatcher what it is interested in: {@code readable()}, then {@code writable()}.
   *
   * @return {@link Readiness#IN} and {@link Readiness#OUT}, for what it said yes to
   */
  public static int ask(Dispatcher dispatcher) {
    LoopObserver observer = dispatcher.observer();
    return ask(dispatcher, observer != null && observer.wantsAsked() ? observer : null);
  }

  /** As {@link #ask(Dispatcher)}; tells an observer that wants to hear it, null for none. */
  static int ask(Dispatcher dispatcher, @Nullable LoopObserver told) {
    boolean readable = dispatcher.readable();
    boolean writable = dispatcher.writable();
    if (told != null) told.asked(dispatcher, readable, writable);
    return (readable ? Readiness.IN : 0) | (writable ? Readiness.OUT : 0);
  }

  /**
   * Reports an answer that is another one than the last, with nothing having happened that those
   * who drive the dispatcher could have seen: {@link SocketMap#checkInterest(boolean)}.
   *
   * @param before what it answered to {@link #ask} last
   * @param now what it answers now
   */
  public static void changedUntold(Dispatcher dispatcher, int before, int now) {
    InterestCheck.report(dispatcher.map(), dispatcher, before, now);
  }

  // --- asyncore's own ---

  static void read(Dispatcher dispatcher) {
    dispatcher.used();
    LoopObserver observer = dispatcher.observer();
    try {
      if (isPlain(dispatcher, observer)) dispatcher.handleReadEvent();
      else read(observer, dispatcher);
    } catch (Throwable thrown) {
      if (LoopExit.leavesLoop(thrown)) throw thrown;
      failed(dispatcher, thrown);
    }
  }

  static void write(Dispatcher dispatcher) {
    dispatcher.used();
    LoopObserver observer = dispatcher.observer();
    try {
      if (isPlain(dispatcher, observer)) dispatcher.handleWriteEvent();
      else write(observer, dispatcher);
    } catch (Throwable thrown) {
      if (LoopExit.leavesLoop(thrown)) throw thrown;
      failed(dispatcher, thrown);
    }
  }

  static void exception(Dispatcher dispatcher) {
    dispatcher.used();
    LoopObserver observer = dispatcher.observer();
    try {
      if (isPlain(dispatcher, observer)) dispatcher.handleExptEvent();
      else around(observer, dispatcher, Callback.URGENT, dispatcher::handleExptEvent);
    } catch (Throwable thrown) {
      if (LoopExit.leavesLoop(thrown)) throw thrown;
      failed(dispatcher, thrown);
    }
  }

  static void readwrite(Dispatcher dispatcher, int flags) {
    dispatcher.used();
    LoopObserver observer = dispatcher.observer();
    try {
      if (!isPlain(dispatcher, observer)) {
        readwrite(observer, dispatcher, flags);
        return;
      }
      if ((flags & Readiness.IN) != 0) dispatcher.handleReadEvent();
      if ((flags & Readiness.OUT) != 0) dispatcher.handleWriteEvent();
      if ((flags & Readiness.PRI) != 0) dispatcher.handleExptEvent();
      if ((flags & ENDS) != 0) dispatcher.handleClose();
    } catch (Throwable thrown) {
      if (LoopExit.leavesLoop(thrown)) throw thrown;
      if (isBroken(thrown)) close(dispatcher);
      else failed(dispatcher, thrown);
    }
  }

  private static boolean isBroken(Throwable thrown) {
    return thrown instanceof OsException error && error.errno().isDisconnected();
  }

  // --- ours ---

  /**
   * Makes a call that asyncore does not know, as a callback of a dispatcher; see the table above.
   *
   * @param callback what it is
   */
  public static void call(Dispatcher dispatcher, Callback callback, Runnable call) {
    LoopObserver observer = dispatcher.observer();
    try {
      if (isPlain(dispatcher, observer)) call.run();
      else around(observer, dispatcher, callback, call);
    } catch (Throwable thrown) {
      if (LoopExit.leavesLoop(thrown)) throw thrown;
      if (goesOnAsReadwrite(callback) && isBroken(thrown)) close(dispatcher);
      else failed(dispatcher, thrown);
    }
  }

  /** What a pipeline has to tell, it tells in poll's order. */
  private static boolean goesOnAsReadwrite(Callback callback) {
    return callback == Callback.CONNECT || callback == Callback.USER_EVENT;
  }

  /**
   * Has whatever serves a dispatcher make a call as soon as it is due: before the callbacks of the
   * pass that finds it so, and again whenever it is. A wait goes on for one that is put off. Only
   * the handle cancels it, and neither {@code cancelCalls()} nor {@code close()} does.
   *
   * @param untilNanos how long it is not due yet, at the earliest; asked when that time has come,
   *     and after each call; {@link Long#MAX_VALUE} for a deadline that is none any more. Asked on
   *     the thread that serves the dispatcher, and calls nobody
   */
  public static ScheduledCall deadline(
      Dispatcher dispatcher, LongSupplier untilNanos, Runnable call) {
    SocketMap map = dispatcher.map();
    CallQueue queue = map.calls().queue(dispatcher, "deadline");
    ScheduledCall deadline =
        ScheduledCall.deadline(queue, untilNanos, call, new BoundCalls(dispatcher));
    map.scheduled();
    return deadline;
  }

  /** Cancels all that a dispatcher is to be called for later: its connection is another's now. */
  public static void endCalls(Dispatcher dispatcher) {
    dispatcher.endCalls();
  }

  static void stop(Dispatcher dispatcher) {
    call(dispatcher, Callback.STOP, dispatcher::handleStop);
  }

  // --- errors ---

  /**
   * Has a dispatcher handle an error that was found inside of one of its callbacks, and is not to
   * end that: observers hear of it, and {@code handleError} is called as a part of the callback.
   */
  public static void found(Dispatcher dispatcher, Throwable error) {
    LoopObserver observer = dispatcher.observer();
    if (observer != null) observer.failed(dispatcher, error);
    dispatcher.handleError(error);
  }

  private static void failed(Dispatcher dispatcher, Throwable thrown) {
    LoopObserver observer = dispatcher.observer();
    if (observer != null) observer.failed(dispatcher, thrown);
    if (isPlain(dispatcher, observer)) dispatcher.handleError(thrown);
    else around(observer, dispatcher, Callback.ERROR, () -> dispatcher.handleError(thrown));
  }

  private static void close(Dispatcher dispatcher) {
    LoopObserver observer = dispatcher.observer();
    if (isPlain(dispatcher, observer)) dispatcher.handleClose();
    else close(observer, dispatcher);
  }

  // --- the same calls in the same order, of listeners and while somebody looks on ---

  /** Whether a call needs nothing around it, as those of connections do that nobody observes. */
  private static boolean isPlain(Dispatcher dispatcher, @Nullable LoopObserver observer) {
    return observer == null && !dispatcher.listens();
  }

  private static void read(@Nullable LoopObserver observer, Dispatcher dispatcher) {
    Callback callback = dispatcher.accepting() ? Callback.ACCEPT : kind(dispatcher, Callback.READ);
    around(observer, dispatcher, callback, dispatcher::handleReadEvent);
  }

  private static void write(@Nullable LoopObserver observer, Dispatcher dispatcher) {
    Callback callback = kind(dispatcher, Callback.WRITE);
    around(observer, dispatcher, callback, dispatcher::handleWriteEvent);
  }

  private static void close(@Nullable LoopObserver observer, Dispatcher dispatcher) {
    around(observer, dispatcher, Callback.CLOSE, dispatcher::handleClose);
  }

  private static void readwrite(@Nullable LoopObserver observer, Dispatcher dispatcher, int flags) {
    if ((flags & Readiness.IN) != 0) read(observer, dispatcher);
    if ((flags & Readiness.OUT) != 0) write(observer, dispatcher);
    if ((flags & Readiness.PRI) != 0) {
      around(observer, dispatcher, Callback.URGENT, dispatcher::handleExptEvent);
    }
    if ((flags & ENDS) != 0) close(observer, dispatcher);
  }

  private static Callback kind(Dispatcher dispatcher, Callback connected) {
    boolean underWay = !dispatcher.connected() && dispatcher.connecting();
    return underWay ? Callback.CONNECT : connected;
  }

  private static void around(
      @Nullable LoopObserver observer, Dispatcher dispatcher, Callback callback, Runnable call) {
    if (observer == null) {
      dispatcher.accepting(call); // It is a listener, which may accept by itself.
      return;
    }
    observer.callbackStarted(dispatcher, callback);
    boolean timed = observer.wantsDurations();
    long began = timed ? dispatcher.map().nanoTime() : 0;
    try {
      if (dispatcher.listens()) dispatcher.accepting(call);
      else call.run();
    } finally {
      long took = timed ? dispatcher.map().nanoTime() - began : 0;
      observer.callbackEnded(dispatcher, callback, took);
    }
  }
}
