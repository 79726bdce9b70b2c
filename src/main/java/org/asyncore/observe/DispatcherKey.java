package org.asyncore.observe;

import java.lang.ref.WeakReference;
import org.asyncore.Dispatcher;

/**
 * A dispatcher as a key that keeps it from no collector, and calls no {@code equals} or {@code
 * hashCode} of its own: it may be in the middle of its constructor.
 */
final class DispatcherKey extends WeakReference<Dispatcher> {
  private final int hash;

  DispatcherKey(Dispatcher dispatcher) {
    super(dispatcher);
    hash = System.identityHashCode(dispatcher);
  }

  @Override
  public boolean equals(Object object) {
    if (this == object) return true;
    Dispatcher mine = get();
    return mine != null && object instanceof DispatcherKey other && other.refersTo(mine);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
