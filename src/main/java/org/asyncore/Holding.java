package org.asyncore;

import java.lang.ref.WeakReference;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Held;

/**
 * A dispatcher as the holder of its socket. It keeps the dispatcher from no collector: a loop
 * reaches its open sockets, and through them this, when nobody can reach their dispatchers any
 * more.
 */
final class Holding extends WeakReference<Dispatcher> implements Held.Holder {
  Holding(Dispatcher dispatcher) {
    super(dispatcher);
  }

  /** Is told from now on what becomes of a socket's number. */
  void take(AsyncSocket socket) {
    if (socket instanceof Held held) held.holder(this);
  }

  /** Is told no more of a socket, unless somebody else has taken it; null for none. */
  void letGo(AsyncSocket socket) {
    if (socket instanceof Held held && held.holder() == this) held.holder(null);
  }

  @Override
  public void numberChanged(int before, int now) {
    Dispatcher dispatcher = get();
    if (dispatcher != null) dispatcher.numberChanged(before, now);
  }
}
