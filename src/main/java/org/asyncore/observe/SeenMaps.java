package org.asyncore.observe;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.WeakHashMap;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;

/** The maps that an observer was told of, kept from no collector. Safe from any thread. */
final class SeenMaps {
  private final Map<SocketMap, Boolean> maps = new WeakHashMap<>();

  /** The one that was seen last, as a rule the one that is seen next. */
  private volatile WeakReference<SocketMap> last = new WeakReference<>(null);

  /** Whether it was seen for the first time. */
  boolean seen(SocketMap map) {
    if (last.refersTo(map)) return false;
    boolean isFirst;
    synchronized (maps) {
      isFirst = maps.put(map, true) == null;
    }
    last = new WeakReference<>(map);
    return isFirst;
  }

  /** What serves them, and why: {@code nio: no epoll: ..}, each once, in order. */
  List<String> transports() {
    Set<String> transports = new TreeSet<>();
    for (SocketMap map : all()) {
      transports.add(map.transport().name() + ": " + map.transport().reason());
    }
    return List.copyOf(transports);
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
