package org.asyncore.compat.play;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.compat.scenario.Action;
import org.asyncore.compat.scenario.Fields;
import org.asyncore.compat.scenario.ScenarioException;

/** Passes, the loop, and what is done to maps. */
final class LoopOperations {
  private static final int MAX_PASSES = 500;
  private static final double RUN_UNTIL_SECONDS = 0.01;
  private static final int CHUNK = 65536;

  private final World world;

  LoopOperations(World world) {
    this.world = world;
  }

  Map<String, Operation> all() {
    Map<String, Operation> all = new HashMap<>();
    all.put("passes", this::passes);
    all.put("loop", this::loop);
    all.put("poll", this::poll);
    all.put("poll2", this::poll2);
    all.put("run_until", this::runUntil);
    all.put("close_all", this::closeAll);
    all.put("see_map", this::seeMap);
    all.put("map_put", this::mapPut);
    all.put("map_remove", this::mapRemove);
    all.put("map_clear", this::mapClear);
    return all;
  }

  private SocketMap mapArgument(Action action) {
    return world.mapArgument(action.text("map", Maps.GLOBAL));
  }

  private SocketMap map(Action action) {
    return world.map(action.text("map", Maps.GLOBAL));
  }

  private boolean usePoll(Action action) {
    return action.flag("use_poll", world.mode().usePoll());
  }

  private Object passes(Action action) throws InterruptedException {
    int outer = world.trace().pass();
    try {
      for (int i = 1; i <= action.integer("n", 1); i++) {
        world.trace().pass(i);
        world.waiting().settle();
        Asyncore.loop(action.seconds("timeout", 0), usePoll(action), mapArgument(action), 1);
      }
    } finally {
      world.trace().pass(outer);
    }
    return null;
  }

  private Object loop(Action action) throws InterruptedException {
    double timeout = action.seconds("timeout", 0);
    boolean usePoll = usePoll(action);
    SocketMap map = mapArgument(action);
    world.waiting().settle();
    long start = System.nanoTime();
    if (action.value("count") == null) Asyncore.loop(timeout, usePoll, map);
    else Asyncore.loop(timeout, usePoll, map, action.integer("count"));
    return judge(action, start);
  }

  private Object poll(Action action) throws InterruptedException {
    world.waiting().settle();
    long start = System.nanoTime();
    Asyncore.poll(action.seconds("timeout", 0), mapArgument(action));
    return judge(action, start);
  }

  private Object poll2(Action action) throws InterruptedException {
    world.waiting().settle();
    long start = System.nanoTime();
    Asyncore.poll2(action.seconds("timeout", 0), mapArgument(action));
    return judge(action, start);
  }

  private static String judge(Action action, long start) {
    long tookNanos = System.nanoTime() - start;
    if (tookNanos < millis(action, "min_ms", 0)) return "too short";
    return tookNanos > millis(action, "max_ms", Integer.MAX_VALUE) ? "too long" : null;
  }

  private static long millis(Action action, String key, int byDefault) {
    return TimeUnit.MILLISECONDS.toNanos(action.integer(key, byDefault));
  }

  private Object runUntil(Action action) throws IOException, InterruptedException {
    Fields condition = action.object("cond");
    double timeout = action.seconds("timeout", RUN_UNTIL_SECONDS);
    for (int i = 0; i < action.integer("max_passes", MAX_PASSES); i++) {
      if (holds(condition)) return "met";
      Asyncore.loop(timeout, world.mode().usePoll(), mapArgument(action), 1);
      if (!action.has("drain")) continue;
      StreamPeer drained = world.peer(StreamPeer.class, action.text("drain"));
      drained.drain(action.integer("chunk", CHUNK));
    }
    return holds(condition) ? "met" : "not met";
  }

  private boolean holds(Fields condition) {
    if (condition.has("calls")) {
      List<?> of = condition.list("calls");
      Dispatcher channel = world.channels().get((String) of.get(0));
      int calls = channel == null ? 0 : Scripted.of(channel).calls((String) of.get(1));
      return calls >= (Long) of.get(2);
    }
    if (!condition.has("received")) throw new ScenarioException("no condition " + condition);
    List<?> of = condition.list("received");
    return world.peer(StreamPeer.class, (String) of.get(0)).drained() >= (Long) of.get(1);
  }

  private Object closeAll(Action action) throws InterruptedException {
    Asyncore.closeAll(mapArgument(action), action.flag("ignore_all", false));
    return null;
  }

  private Object seeMap(Action action) {
    List<String> names = new ArrayList<>();
    for (Dispatcher channel : map(action)) names.add(Scripted.of(channel).name());
    return names;
  }

  private Object mapPut(Action action) {
    Dispatcher channel = world.channel(action.text("channel"));
    map(action).put(channel.fileno(), channel);
    return null;
  }

  private Object mapRemove(Action action) {
    Dispatcher channel = world.channel(action.text("channel"));
    SocketMap map = map(action);
    for (int number : new int[] {channel.fileno(), channel.socket().fileno()}) {
      if (map.get(number) == channel) map.remove(number);
    }
    return null;
  }

  private Object mapClear(Action action) {
    map(action).clear();
    return null;
  }
}
