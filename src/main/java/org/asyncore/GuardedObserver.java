package org.asyncore;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.OsException;

/**
 * An observer whose exceptions harm nobody: each of its classes is logged the first time that it
 * throws, and it stays set. Only what leaves a loop anyway goes on. Whatever tells an observer
 * anything tells one of these. Safe where the observer is.
 */
final class GuardedObserver implements LoopObserver {
  private final LoopObserver observer;

  /** The classes that were logged, of all that are guarded together. */
  private final Set<Class<?>> logged;

  private GuardedObserver(LoopObserver observer, Set<Class<?>> logged) {
    this.observer = observer;
    this.logged = logged;
  }

  /** Guards each one of several by itself, so that one that throws keeps nothing from the next. */
  static LoopObserver of(LoopObserver observer) {
    return of(observer, ConcurrentHashMap.newKeySet(0));
  }

  private static LoopObserver of(LoopObserver observer, Set<Class<?>> logged) {
    return observer instanceof ObserverPair pair
        ? new ObserverPair(of(pair.first(), logged), of(pair.second(), logged))
        : new GuardedObserver(observer, logged);
  }

  private void threw(Throwable thrown) {
    if (LoopExit.leavesLoop(thrown)) GuardedObserver.<RuntimeException>leave(thrown);
    if (!logged.add(observer.getClass())) return;
    try {
      System.getLogger("org.asyncore")
          .log(
              System.Logger.Level.WARNING,
              "observer "
                  + OneLine.of(observer.getClass().getName())
                  + " threw, and is told on; this is logged once",
              thrown);
    } catch (RuntimeException | Error noLogger) {
      if (LoopExit.leavesLoop(noLogger)) throw noLogger;
      logged.remove(observer.getClass()); // It is owed until there is a logger that takes it.
    }
  }

  /** Throws anything, as the observer did. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void leave(Throwable thrown) throws T {
    throw (T) thrown;
  }

  @Override
  public void passStarted(SocketMap map, int depth) {
    try {
      observer.passStarted(map, depth);
    } catch (Throwable thrown) {
      threw(thrown);
    }
  }

  @Override
  public boolean wantsAsked() {
    try {
      return observer.wantsAsked();
    } catch (Throwable thrown) {
      threw(thrown);
      return false;
    }
  }

  @Override
  public void asked(Dispatcher dispatcher, boolean readable, boolean writable) {
    try {
      observer.asked(dispatcher, readable, writable);
    } catch (Throwable thrown) {
      threw(thrown);
    }
  }

  @Override
  public boolean wantsWaits(SocketMap map) {
    try {
      return observer.wantsWaits(map);
    } catch (Throwable thrown) {
      threw(thrown);
      return false;
    }
  }

  @Override
  public void waited(SocketMap map, int interested, int ready, long waitNanos) {
    try {
      observer.waited(map, interested, ready, waitNanos);
    } catch (Throwable thrown) {
      threw(thrown);
    }
  }

  @Override
  public void passEnded(SocketMap map) {
    try {
      observer.passEnded(map);
    } catch (Throwable thrown) {
      threw(thrown);
    }
  }

  @Override
  public void callbackStarted(Dispatcher dispatcher, Callback callback) {
    try {
      observer.callbackStarted(dispatcher, callback);
    } catch (Throwable thrown) {
      threw(thrown);
    }
  }

  @Override
  public boolean wantsDurations() {
    try {
      return observer.wantsDurations();
    } catch (Throwable thrown) {
      threw(thrown);
      return false;
    }
  }

  @Override
  public void callbackEnded(Dispatcher dispatcher, Callback callback, long nanos) {
    try {
      observer.callbackEnded(dispatcher, callback, nanos);
    } catch (Throwable thrown) {
      threw(thrown);
    }
  }

  @Override
  public void failed(Dispatcher dispatcher, Throwable error) {
    try {
      observer.failed(dispatcher, error);
    } catch (Throwable thrown) {
      threw(thrown);
    }
  }

  @Override
  public void received(Dispatcher dispatcher, int byteCount, int room) {
    try {
      observer.received(dispatcher, byteCount, room);
    } catch (Throwable thrown) {
      threw(thrown);
    }
  }

  @Override
  public void sent(Dispatcher dispatcher, int byteCount, int offered) {
    try {
      observer.sent(dispatcher, byteCount, offered);
    } catch (Throwable thrown) {
      threw(thrown);
    }
  }

  @Override
  public void accepted(Dispatcher listener, Accepted connection) {
    try {
      observer.accepted(listener, connection);
    } catch (Throwable thrown) {
      threw(thrown);
    }
  }

  @Override
  public void acceptFailed(Dispatcher listener, OsException error) {
    try {
      observer.acceptFailed(listener, error);
    } catch (Throwable thrown) {
      threw(thrown);
    }
  }

  @Override
  public void opened(Dispatcher dispatcher) {
    try {
      observer.opened(dispatcher);
    } catch (Throwable thrown) {
      threw(thrown);
    }
  }

  @Override
  public void closed(Dispatcher dispatcher) {
    try {
      observer.closed(dispatcher);
    } catch (Throwable thrown) {
      threw(thrown);
    }
  }

  @Override
  public void evicted(Dispatcher stale, int number, Dispatcher evicted) {
    try {
      observer.evicted(stale, number, evicted);
    } catch (Throwable thrown) {
      threw(thrown);
    }
  }
}
