package org.asyncore;

import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Pollster;
import org.jspecify.annotations.Nullable;

/**
 * The {@link LoopCalls} of a map, which are made when any of them is first used; until then nothing
 * is asked for. Safe from any thread.
 */
final class MapCalls {
  private final SocketMap map;

  private volatile @Nullable LoopCalls calls;

  MapCalls(SocketMap map) {
    this.map = map;
  }

  /**
   * Those of a map that is served by passes.
   *
   * @param method what needs them
   * @throws IllegalStateException if it is a hosted one
   */
  LoopCalls need(String method) {
    LoopCalls known = calls;
    if (known != null) return known;
    if (!hasPasses()) {
      throw new IllegalStateException(
          method
              + "() of a hosted map: its dispatchers have no loop() in common"
              + " (docs/differences.md#hosted-in-a-pipeline)");
    }
    synchronized (this) {
      if (calls == null) calls = new LoopCalls(map::nanoTime);
      return calls;
    }
  }

  /** The queue for calls of a dispatcher of this map. */
  CallQueue queue(Dispatcher dispatcher, String method) {
    if (hasPasses()) return need(method);
    AsyncSocket socket = dispatcher.socket();
    if (socket != null) return new HostedCalls(socket);
    throw new IllegalStateException(method + "() of a hosted dispatcher without a socket");
  }

  /** Whether the map is looped over; else its dispatchers are hosted. */
  boolean hasPasses() {
    return !map.hasTransport() || map.loop().hasPasses();
  }

  /** Whether other threads serve the map, and may put dispatchers into it at any moment. */
  boolean isServedByOthers() {
    return map.hasTransport() && (map.loop().isServedElsewhere() || !hasPasses());
  }

  /** Whether another thread serves a socket, and is to tell what there is to tell. */
  boolean isServedElsewhere(AsyncSocket socket) {
    return map.hasTransport() && map.loop().isServedElsewhere(socket);
  }

  /** Has whoever serves a socket run this: a pass, or the event loop of one that is hosted. */
  void serve(AsyncSocket socket, Runnable news) {
    if (hasPasses()) map.execute(news);
    else map.loop().schedule(socket, () -> true, news, 0);
  }

  boolean areUsed() {
    return calls != null;
  }

  boolean keepRunning() {
    LoopCalls known = calls;
    return known != null && known.keepsRunning();
  }

  /** A loop that keeps running may wait without end, for those that it knows. */
  void wakeForNew() {
    LoopCalls known = calls;
    if (known != null && known.keepsRunning() && known.isAsking()) map.wakeup();
  }

  int commandCount() {
    LoopCalls known = calls;
    return known == null ? 0 : known.commandCount();
  }

  int dueCount() {
    LoopCalls known = calls;
    return known == null ? 0 : known.dueCount();
  }

  long untilNanos() {
    LoopCalls known = calls;
    return known == null ? Pollster.FOREVER : known.untilNanos();
  }

  /** A pass begins to ask. */
  void ask() {
    LoopCalls known = calls;
    if (known != null) known.ask();
  }

  /** The wait of a pass is over: what is due now, or null. */
  LoopCalls.@Nullable Due freeze() {
    LoopCalls known = calls;
    return known == null ? null : known.freeze();
  }

  /** How often the map's loop was to stop. */
  long stops() {
    LoopCalls known = calls;
    return known == null ? 0 : known.stops();
  }

  boolean takeStop() {
    LoopCalls known = calls;
    return known != null && known.takeStop();
  }
}
