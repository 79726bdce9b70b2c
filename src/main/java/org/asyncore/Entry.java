package org.asyncore;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One row of a map: a dispatcher under a number. True while its dispatcher is to be asked again, as
 * a new row is.
 *
 * <p>Any thread may touch it; who asks sets it to false first.
 */
@SuppressWarnings("serial") // Written nowhere; an object of its own would cost each event a miss.
final class Entry extends AtomicBoolean {
  private static final long NEVER = Long.MAX_VALUE;

  final SocketMap map;

  /** Changes under the map's lock, when the dispatcher's socket takes another one. */
  volatile int number;

  final Dispatcher dispatcher;

  /** Its place in the current layout of the map's rows; changes under the map's lock. */
  volatile int index;

  /** The map's count of removals when it was taken out. */
  private volatile long removedAt = NEVER;

  /** The one that was taken out before it; for {@link Rows}. */
  @Nullable Entry removedBefore;

  /** The one below it on the map's stack of touched rows. */
  @Nullable Entry nextTouched;

  Entry(SocketMap map, int number, Dispatcher dispatcher) {
    super(true);
    this.map = map;
    this.number = number;
    this.dispatcher = dispatcher;
  }

  /** Has the next pass ask again. */
  void touch() {
    if (!getAndSet(true)) map.rows().touched(this);
  }

  void removedAt(long removals) {
    removedAt = removals;
  }

  /** Whether it was there when {@code removals} had been removed. */
  boolean outlives(long removals) {
    return removedAt > removals;
  }
}
