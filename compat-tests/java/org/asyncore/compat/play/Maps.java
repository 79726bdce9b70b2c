package org.asyncore.compat.play;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.asyncore.SocketMap;

/**
 * The global map and the maps of one's own, lent to one scenario after the other.
 *
 * <p>They are used again and not thrown away: a map that the garbage collector releases gives
 * descriptors back, in the middle of a later scenario that counts on the lowest free number.
 */
final class Maps {
  static final String GLOBAL = "global";

  private final Map<String, SocketMap> lent = new HashMap<>();
  private final Deque<SocketMap> spare = new ArrayDeque<>();

  SocketMap named(String name) {
    if (name.equals(GLOBAL)) return Grounds.OF_PROCESS.globalMap();
    return lent.computeIfAbsent(name, key -> spare.isEmpty() ? fresh() : spare.pop());
  }

  private static SocketMap fresh() {
    return SwitchedOn.by(Grounds.OF_PROCESS.newMap());
  }

  /** The scenario is over: empties all maps. */
  void takeBack() {
    Grounds.OF_PROCESS.globalMap().clear();
    for (SocketMap map : lent.values()) {
      map.clear();
      spare.push(map);
    }
    lent.clear();
  }
}
