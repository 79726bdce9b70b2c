package org.asyncore.observe;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;

/** The maps that an observer was told of, kept from no collector. Safe from any thread. */
final class SeenMaps {
  private final Map<SocketMap, Boolean> maps = new WeakHashMap<>();

  /** The one that was seen last, as a rule the one that is seen next. */
  private volatile WeakReference<SocketMap> last = new WeakReference<>(null);

  void seen(SocketMap map) {
    if (last.refersTo(map)) return;
    synchronized (maps) {
      maps.put(map, true);
    }
    last = new WeakReference<>(map);
  }

  long queuedBytes() {
    long queued = 0;
    for (SocketMap map : all()) {
      for (Dispatcher dispatcher : map) queued += dispatcher.queuedBytes();
    }
    return queued;
  }

  private List<SocketMap> all() {
    synchronized (maps) {
      return new ArrayList<>(maps.keySet());
    }
  }
}
