package org.asyncore.migrate;

import org.asyncore.Callback;
import org.asyncore.Dispatcher;
import org.asyncore.LoopExit;
import org.asyncore.LoopObserver;
import org.asyncore.transport.OsException;

/**
 * A callback that {@code Asyncore.readwrite} has no flag for. What it throws goes where readwrite
 * sends it, and an observer is told the same.
 */
final class OwnCall {
  private OwnCall() {}

  static void call(Dispatcher dispatcher, Callback callback, Runnable call) {
    try {
      tell(dispatcher, callback, call);
    } catch (OsException error) {
      if (error.errno().isDisconnected()) tell(dispatcher, Callback.CLOSE, dispatcher::handleClose);
      else failed(dispatcher, error);
    } catch (Throwable thrown) {
      if (LoopExit.leavesLoop(thrown)) throw thrown;
      failed(dispatcher, thrown);
    }
  }

  private static void failed(Dispatcher dispatcher, Throwable thrown) {
    LoopObserver observer = dispatcher.map().observer();
    if (observer != null) observer.failed(dispatcher, thrown);
    tell(dispatcher, Callback.ERROR, () -> dispatcher.handleError(thrown));
  }

  private static void tell(Dispatcher dispatcher, Callback callback, Runnable call) {
    LoopObserver observer = dispatcher.map().observer();
    if (observer == null) {
      call.run();
      return;
    }
    observer.callbackStarted(dispatcher, callback);
    boolean timed = observer.wantsDurations();
    long began = timed ? System.nanoTime() : 0;
    try {
      call.run();
    } finally {
      observer.callbackEnded(dispatcher, callback, timed ? System.nanoTime() - began : 0);
    }
  }
}
