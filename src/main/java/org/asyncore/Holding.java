package org.asyncore;

import java.util.ArrayList;
import java.util.List;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Held;

/**
 * A dispatcher as the holder of its socket: when that takes another number, the dispatcher's {@code
 * fileno()} and its key in each map follow at once. It keeps its place in their order.
 *
 * <p>A map calls it under its lock; it calls a map under none of its own.
 */
final class Holding implements Held.Holder {
  private final Dispatcher dispatcher;

  /**
   * The maps it was put into that are not its own, one for each row; null for none. Guarded by
   * this.
   */
  private List<SocketMap> elsewhere;

  Holding(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  /** Is told from now on what becomes of a socket's number. */
  void take(AsyncSocket socket) {
    if (socket instanceof Held held) held.holder(this);
  }

  /** Is told no more of a socket, unless somebody else has taken it; null for none. */
  void letGo(AsyncSocket socket) {
    if (socket instanceof Held held && held.holder() == this) held.holder(null);
  }

  synchronized void joined(SocketMap map) {
    if (elsewhere == null) elsewhere = new ArrayList<>(1);
    elsewhere.add(map);
  }

  synchronized void left(SocketMap map) {
    if (elsewhere.remove(map) && elsewhere.isEmpty()) elsewhere = null;
  }

  private synchronized List<SocketMap> elsewhere() {
    return elsewhere == null ? List.of() : List.copyOf(elsewhere);
  }

  @Override
  public void numberChanged(int before, int now) {
    dispatcher.map().renumber(dispatcher, before, now);
    for (SocketMap map : elsewhere()) map.renumber(dispatcher, before, now);
  }
}
