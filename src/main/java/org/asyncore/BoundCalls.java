package org.asyncore;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The scheduled calls that belong to one dispatcher: what they throw goes to its {@code
 * handleError}, and they end when it closes. Safe from any thread.
 */
final class BoundCalls {
  private final Dispatcher dispatcher;

  /** Guarded by this. */
  private final Set<ScheduledCall> calls = new LinkedHashSet<>();

  BoundCalls(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  synchronized void add(ScheduledCall call) {
    calls.add(call);
  }

  synchronized void remove(ScheduledCall call) {
    calls.remove(call);
  }

  private synchronized List<ScheduledCall> now() {
    return List.copyOf(calls);
  }

  void cancelAll() {
    for (ScheduledCall call : now()) call.cancel();
  }

  void call(Runnable call) {
    try {
      Callbacks.call(dispatcher, Callback.SCHEDULED, call);
    } finally {
      dispatcher.used();
    }
  }
}
