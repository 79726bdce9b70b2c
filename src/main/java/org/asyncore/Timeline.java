package org.asyncore;

import java.util.Comparator;
import java.util.TreeSet;
import org.asyncore.transport.Pollster;
import org.jspecify.annotations.Nullable;

/** Scheduled calls of one map in the order in which they are due. Guarded by its owner. */
final class Timeline {
  private final TreeSet<ScheduledCall> calls =
      new TreeSet<>(
          Comparator.<ScheduledCall>comparingLong(call -> call.dueNanos)
              .thenComparingLong(call -> call.order));

  /** When the first one is due; {@link Pollster#FOREVER} for none. From any thread. */
  private volatile long firstDueNanos = Pollster.FOREVER;

  long firstDueNanos() {
    return firstDueNanos;
  }

  void add(ScheduledCall call) {
    calls.add(call);
    firstDueNanos = calls.first().dueNanos;
  }

  void remove(ScheduledCall call) {
    if (!calls.remove(call)) return; // It is running, or about to.
    firstDueNanos = calls.isEmpty() ? Pollster.FOREVER : calls.first().dueNanos;
  }

  /** How many are due at a time. */
  int dueCount(long atNanos) {
    int count = 0;
    for (ScheduledCall call : calls) {
      if (call.dueNanos > atNanos) break;
      count++;
    }
    return count;
  }

  /** Takes out the first one that is due at a time and was added before; null for none. */
  @Nullable ScheduledCall next(long atNanos, long untilOrder) {
    for (ScheduledCall call : calls) {
      if (call.dueNanos > atNanos) return null;
      if (call.order > untilOrder) continue; // Scheduled by a callback of this pass.
      remove(call);
      return call;
    }
    return null;
  }
}
