package org.asyncore.observe;

import java.lang.ref.WeakReference;
import java.util.EnumMap;
import java.util.Map;
import org.asyncore.Dispatcher;

/** One dispatcher and its streaks. Kept under its number; another one that gets it begins anew. */
final class DispatcherStreaks {
  private final WeakReference<Dispatcher> dispatcher;
  private final Map<SpinReason, Streak> streaks = new EnumMap<>(SpinReason.class);
  private boolean clean = true;

  DispatcherStreaks(Dispatcher dispatcher) {
    this.dispatcher = new WeakReference<>(dispatcher);
  }

  boolean is(Dispatcher asked) {
    return dispatcher.refersTo(asked);
  }

  /** It did something: none of its streaks goes on. */
  void acted() {
    if (clean) return;
    for (Streak streak : streaks.values()) streak.end();
    clean = true;
  }

  Streak streak(SpinReason reason) {
    clean = false;
    return streaks.computeIfAbsent(reason, first -> new Streak());
  }
}
