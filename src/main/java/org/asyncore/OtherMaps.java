package org.asyncore;

import java.util.ArrayList;
import java.util.List;

/** The maps that a dispatcher was put into beside its own. Safe from any thread. */
final class OtherMaps {
  /** One for each row that it has there. Guarded by this. */
  private final List<SocketMap> maps = new ArrayList<>(1);

  synchronized void joined(SocketMap map) {
    maps.add(map);
  }

  synchronized void left(SocketMap map) {
    maps.remove(map);
  }

  synchronized List<SocketMap> now() {
    return List.copyOf(maps);
  }
}
