package org.asyncore.compat.scenario;

import java.util.List;
import java.util.Map;

/** One step of a scenario, or of a handler: an operation with its fields. */
public final class Action extends Fields {
  public Action(Map<String, Object> fields) {
    super(fields);
  }

  /** The actions of a JSON list. */
  public static List<Action> listOf(Object value) {
    if (!(value instanceof List<?> list)) throw new ScenarioException("not a list: " + value);
    return list.stream().map(item -> new Action(asObject(item))).toList();
  }

  /** Which operation it is. */
  public String operation() {
    return text("do");
  }

  /** The same in a handler of this channel, which it is about unless it names another. */
  public Action in(String channel) {
    return new Action(withDefaults(Map.of("ch", channel, "by", channel)));
  }
}
