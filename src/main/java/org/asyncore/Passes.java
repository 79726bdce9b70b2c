package org.asyncore;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.asyncore.internal.VirtualThreads;
import org.jspecify.annotations.Nullable;

/**
 * What the passes over a map share, one inside the other. For the holder of the turn, unless a
 * method says otherwise.
 */
final class Passes {
  private final SocketMap map;

  /** How many an observer was told of that have not ended. */
  private int observed;

  /** One that nobody is using, kept so that an idle loop allocates nothing. */
  private @Nullable Pass spare;

  /** Whose callbacks a pass is calling: it is asked again after them; null for nobody's. */
  private @Nullable Dispatcher called;

  /** The classes of which a check of interest has told. */
  private final Set<Class<?>> breaches = ConcurrentHashMap.newKeySet(0);

  /** Whether a loop on a virtual thread was told of. */
  private final AtomicBoolean carrierTold = new AtomicBoolean();

  Passes(SocketMap map) {
    this.map = map;
  }

  /**
   * Somebody is about to loop on the current thread. Any thread. On epoll the JDK does not see that
   * a virtual one waits, and gives its carrier to nobody; NIO's selector is its own.
   */
  void looper() {
    if (!VirtualThreads.isCurrent() || !map.hasTransport()) return;
    if (!map.transport().name().equals("epoll") || carrierTold.getAndSet(true)) return;
    System.getLogger("org.asyncore")
        .log(
            System.Logger.Level.WARNING,
            "loop() on a virtual thread holds its carrier, also while it waits, and other virtual"
                + " threads starve: give it a platform thread, such as that of a LoopThread; this"
                + " is logged once a map (docs/running.md#virtual-threads)");
  }

  Pass take() {
    Pass pass = spare;
    spare = null;
    return pass == null ? new Pass(map) : pass;
  }

  void give(Pass pass) {
    spare = pass;
  }

  /** A pass began, and has to be told of. */
  void started(LoopObserver told) {
    told.passStarted(map, observed++);
  }

  void ended(LoopObserver told) {
    observed--;
    told.passEnded(map);
  }

  /** Whether nothing was told of this class before. Any thread. */
  boolean isFirstBreach(Class<?> type) {
    return breaches.add(type);
  }

  @Nullable Dispatcher called() {
    return called;
  }

  void called(@Nullable Dispatcher called) {
    this.called = called;
  }
}
