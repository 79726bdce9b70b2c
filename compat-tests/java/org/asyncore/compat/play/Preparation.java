package org.asyncore.compat.play;

import java.util.List;
import java.util.Map;
import org.asyncore.compat.scenario.Action;
import org.asyncore.compat.scenario.Scenario;

/**
 * Makes, before a scenario begins, what takes descriptors here and none on CPython: the loops of
 * maps, and the listening sockets behind Unix pairs. Made later, they would take numbers that were
 * to be used again.
 */
final class Preparation {
  private final World world;

  Preparation(World world) {
    this.world = world;
  }

  void run() {
    Scenario scenario = world.scenario();
    for (String declared : scenario.channels().keySet()) world.transportOf(declared);
    for (Action step : scenario.steps()) prepare(step.json());
    scenario.channels().values().forEach(channel -> prepare(channel.json()));
  }

  private void prepare(Object json) {
    if (json instanceof List<?> list) list.forEach(this::prepare);
    if (!(json instanceof Map<?, ?> object)) return;
    object.values().forEach(this::prepare);
    if (object.get("map") instanceof String map) world.map(map);
    if (!"unix".equals(object.get("family"))) return;
    if ("link".equals(object.get("do"))) {
      world.pairs().prepareUnix(world.transportOf((String) object.get("channel")));
    } else if ("pair".equals(object.get("do"))) {
      world.pairs().prepareUnix(world.transportFor("sock", (String) object.get("sock")));
    }
  }
}
