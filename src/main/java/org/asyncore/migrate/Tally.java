package org.asyncore.migrate;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.asyncore.Callback;

/** The counts of one class while they grow. Safe from any thread. */
final class Tally {
  private final String className;
  final LongAdder dispatchers = new LongAdder();
  final LongAdder asked = new LongAdder();

  /** One for each kind. */
  private final Map<Callback, LongAdder> callbacks = new EnumMap<>(Callback.class);

  private final LongAdder callbackNanos = new LongAdder();
  final LongAdder bytesReceived = new LongAdder();
  final LongAdder bytesSent = new LongAdder();
  final LongAdder redeliveredReads = new LongAdder();
  final LongAdder partialSends = new LongAdder();
  final LongAdder idleWrites = new LongAdder();
  final LongAdder accepted = new LongAdder();
  final LongAdder acceptedByHand = new LongAdder();
  final LongAdder nestedLoops = new LongAdder();
  final LongAdder errors = new LongAdder();
  volatile boolean hosted;

  Tally(Class<?> type) {
    className = type.getName();
    for (Callback callback : Callback.values()) callbacks.put(callback, new LongAdder());
  }

  void called(Callback callback, long nanos) {
    Objects.requireNonNull(callbacks.get(callback), "callback is null").increment();
    callbackNanos.add(nanos);
  }

  ClassUse use() {
    Map<Callback, Long> counts = new EnumMap<>(Callback.class);
    callbacks.forEach((kind, count) -> counts.put(kind, count.sum()));
    return new ClassUse(
        className,
        dispatchers.sum(),
        asked.sum(),
        counts,
        callbackNanos.sum(),
        bytesReceived.sum(),
        bytesSent.sum(),
        redeliveredReads.sum(),
        partialSends.sum(),
        idleWrites.sum(),
        accepted.sum(),
        acceptedByHand.sum(),
        nestedLoops.sum(),
        errors.sum(),
        hosted);
  }
}
