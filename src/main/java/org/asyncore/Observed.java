package org.asyncore;

import java.util.function.Consumer;
import org.asyncore.transport.Readiness;

/**
 * Calls dispatchers while an observer looks on. The same calls as without one, in the same order.
 */
final class Observed {
  private Observed() {}

  static void read(LoopObserver observer, Dispatcher dispatcher) {
    Callback callback = dispatcher.accepting() ? Callback.ACCEPT : kind(dispatcher, Callback.READ);
    call(observer, dispatcher, callback, Dispatcher::handleReadEvent);
  }

  static void write(LoopObserver observer, Dispatcher dispatcher) {
    call(observer, dispatcher, kind(dispatcher, Callback.WRITE), Dispatcher::handleWriteEvent);
  }

  static void exception(LoopObserver observer, Dispatcher dispatcher) {
    call(observer, dispatcher, Callback.URGENT, Dispatcher::handleExptEvent);
  }

  static void close(LoopObserver observer, Dispatcher dispatcher) {
    call(observer, dispatcher, Callback.CLOSE, Dispatcher::handleClose);
  }

  static void error(LoopObserver observer, Dispatcher dispatcher, Throwable thrown) {
    observer.failed(dispatcher, thrown);
    call(observer, dispatcher, Callback.ERROR, failed -> failed.handleError(thrown));
  }

  /** As {@link Asyncore#readwrite}. */
  static void readwrite(LoopObserver observer, Dispatcher dispatcher, int flags) {
    if ((flags & Readiness.IN) != 0) read(observer, dispatcher);
    if ((flags & Readiness.OUT) != 0) write(observer, dispatcher);
    if ((flags & Readiness.PRI) != 0) exception(observer, dispatcher);
    if ((flags & (Readiness.HUP | Readiness.ERR | Readiness.NVAL)) != 0)
      close(observer, dispatcher);
  }

  static void call(
      LoopObserver observer, Dispatcher dispatcher, Callback callback, Consumer<Dispatcher> call) {
    observer.callbackStarted(dispatcher, callback);
    boolean timed = observer.wantsDurations();
    long began = timed ? System.nanoTime() : 0;
    try {
      call.accept(dispatcher);
    } finally {
      observer.callbackEnded(dispatcher, callback, timed ? System.nanoTime() - began : 0);
    }
  }

  private static Callback kind(Dispatcher dispatcher, Callback connected) {
    boolean underWay = !dispatcher.connected() && dispatcher.connecting();
    return underWay ? Callback.CONNECT : connected;
  }
}
