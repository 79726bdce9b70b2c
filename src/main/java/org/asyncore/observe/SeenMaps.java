package org.asyncore.observe;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.function.ToLongBiFunction;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.jspecify.annotations.Nullable;

/** The maps that an observer was told of, kept from no collector. Safe from any thread. */
final class SeenMaps {
  private final Map<SocketMap, Pulse> maps = new WeakHashMap<>();

  /** The one that was seen last, as a rule the one that is seen next. */
  private volatile Last last = new Last(new WeakReference<>(null), null);

  private record Last(WeakReference<SocketMap> map, @Nullable Pulse pulse) {}

  /** What is known of a map's loop. */
  Pulse seen(SocketMap map) {
    Last known = last;
    if (known.pulse != null && known.map.refersTo(map)) return known.pulse;
    Pulse pulse;
    synchronized (maps) {
      pulse = maps.computeIfAbsent(map, first -> new Pulse());
    }
    last = new Last(new WeakReference<>(map), pulse);
    return pulse;
  }

  /** Whether a map is seen for the first time. */
  boolean isNew(SocketMap map) {
    if (last.map.refersTo(map)) return false;
    synchronized (maps) {
      boolean isNew = !maps.containsKey(map);
      seen(map);
      return isNew;
    }
  }

  /** What serves them, and why: {@code nio: no epoll: ..}, each once, in order. */
  List<String> transports() {
    Set<String> transports = new TreeSet<>();
    for (SocketMap map : all()) {
      transports.add(map.transport().name() + ": " + map.transport().reason());
    }
    return List.copyOf(transports);
  }

  List<Dispatcher> dispatchers() {
    List<Dispatcher> dispatchers = new ArrayList<>();
    for (SocketMap map : all()) dispatchers.addAll(map.values());
    return dispatchers;
  }

  int waitingCommands() {
    int waiting = 0;
    for (SocketMap map : all()) waiting += map.commandCount();
    return waiting;
  }

  int dueCalls() {
    int due = 0;
    for (SocketMap map : all()) due += map.dueCallCount();
    return due;
  }

  /** The largest of what their pulses say at this moment; 0 if there is none. */
  long most(ToLongBiFunction<Pulse, Long> asked) {
    long now = System.nanoTime();
    synchronized (maps) {
      return maps.values().stream()
          .mapToLong(pulse -> asked.applyAsLong(pulse, now))
          .max()
          .orElse(0);
    }
  }

  private List<SocketMap> all() {
    synchronized (maps) {
      return new ArrayList<>(maps.keySet());
    }
  }
}
