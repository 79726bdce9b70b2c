package org.asyncore;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The sockets of a map's dispatchers. When the map is garbage, and they with it, those that are
 * still open are closed, with a warning: nobody could do it any more.
 *
 * <p>Keeps neither the map nor its dispatchers from the collector. Safe from any thread.
 */
final class OpenSockets implements Runnable {
  private static final int FEW = 64;

  private final Set<Holding> held = ConcurrentHashMap.newKeySet(0);

  /** Over how many it looks for some that were closed by others than their dispatchers. */
  private final AtomicInteger many = new AtomicInteger(FEW);

  void add(Holding holding) {
    held.add(holding);
    if (held.size() < many.get()) return;
    held.removeIf(each -> !each.isOpen());
    many.set(Math.max(FEW, 2 * held.size()));
  }

  void remove(Holding holding) {
    held.remove(holding);
  }

  /** The map is garbage. */
  @Override
  public void run() {
    int left = 0;
    for (Holding holding : held) {
      if (!holding.isOpen()) continue;
      left++;
      holding.closeSocket();
    }
    if (left == 0) return;
    System.getLogger("org.asyncore")
        .log(
            System.Logger.Level.WARNING,
            "a map was dropped with open dispatchers, whose sockets are closed now: "
                + left
                + " (docs/lifecycle.md#a-map)");
  }
}
