package org.asyncore;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What the passes over a map share, one inside the other. For the holder of the turn. */
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

  Passes(SocketMap map) {
    this.map = map;
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
