package org.asyncore.compat.play;

import java.util.List;
import java.util.Map;
import org.asyncore.compat.scenario.Scenario;

/**
 * Who will take a socket or a descriptor. Those of the library belong to a transport, as those of
 * Python do not: they are made by that of their taker's map.
 */
final class Takers {
  private Takers() {}

  /**
   * The declared channel that a {@code new} makes of the thing of this name.
   *
   * @param field {@code sock} or {@code fd}
   * @return null if there is none
   */
  static String of(String field, String name, Scenario scenario) {
    String taker = in(scenario.steps().stream().map(step -> step.json()).toList(), field, name);
    for (var channel : scenario.channels().values()) {
      if (taker == null) taker = in(channel.json(), field, name);
    }
    return taker;
  }

  private static String in(Object json, String field, String name) {
    Iterable<?> parts = json instanceof List<?> list ? list : List.of();
    if (json instanceof Map<?, ?> object) {
      if (name.equals(object.get(field)) && "new".equals(object.get("do"))) {
        return (String) object.get("ch");
      }
      parts = object.values();
    }
    for (Object part : parts) {
      String taker = in(part, field, name);
      if (taker != null) return taker;
    }
    return null;
  }
}
