package org.asyncore.migrate;

import java.util.EnumMap;
import java.util.Map;
import org.asyncore.Callback;

/**
 * What the dispatchers of one class used of asyncore while a {@link MigrationReport} looked on.
 *
 * @param className the class
 * @param dispatchers how many of them got a socket
 * @param asked how often {@code readable()} and {@code writable()} were asked
 * @param callbacks how often each kind was called
 * @param callbackNanos how long their callbacks took
 * @param bytesReceived bytes that {@code recv} gave
 * @param bytesSent bytes that {@code send} took
 * @param redeliveredReads reads of what an earlier {@code recv} had no room for, or did not take
 * @param partialSends {@code send}s that did not take all that was offered
 * @param idleWrites calls to write in which nothing was offered: a default {@code writable()} spins
 * @param accepted connections taken
 * @param acceptedByHand of these, by a call of {@code accept} that is not asyncore's own
 * @param nestedLoops passes that ran inside of their callbacks
 * @param errors exceptions that went to {@code handleError}
 * @param hosted whether they were called without a pass: behind a {@link DispatcherHandler}
 */
public record ClassUse(
    String className,
    long dispatchers,
    long asked,
    Map<Callback, Long> callbacks,
    long callbackNanos,
    long bytesReceived,
    long bytesSent,
    long redeliveredReads,
    long partialSends,
    long idleWrites,
    long accepted,
    long acceptedByHand,
    long nestedLoops,
    long errors,
    boolean hosted) {

  public ClassUse {
    callbacks = Map.copyOf(callbacks);
  }

  /** How often a kind was called. */
  public long count(Callback callback) {
    return callbacks.getOrDefault(callback, 0L);
  }

  /** How often they were called. */
  long callbackCount() {
    return callbacks.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The next step up the ladder of docs/migrating.md, and what stands in its way. */
  public String next() {
    return MigrationStep.of(this);
  }

  /** The kinds that were called, in their order. */
  Map<Callback, Long> called() {
    Map<Callback, Long> called = new EnumMap<>(Callback.class);
    callbacks.forEach((kind, count) -> count(called, kind, count));
    return called;
  }

  private static void count(Map<Callback, Long> called, Callback kind, long count) {
    if (count > 0) called.put(kind, count);
  }
}
