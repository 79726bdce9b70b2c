package org.asyncore.compat.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.asyncore.compat.json.Json;

/** A scenario as a file, laid out as generate.py does: a line for each channel and each step. */
public final class ScenarioText {
  private ScenarioText() {}

  /** The text of a scenario's JSON object. */
  public static String of(Map<String, Object> scenario) {
    StringBuilder text = new StringBuilder("{\n");
    for (Map.Entry<String, Object> field : scenario.entrySet()) {
      if (field.getKey().equals("channels") || field.getKey().equals("steps")) continue;
      text.append("  ").append(entry(field)).append(",\n");
    }
    List<String> channels = new ArrayList<>();
    for (Map.Entry<String, Object> channel : Fields.asObject(scenario.get("channels")).entrySet()) {
      channels.add("    " + entry(channel));
    }
    List<String> steps = new ArrayList<>();
    for (Object step : (List<?>) scenario.get("steps")) steps.add("    " + Json.write(step));
    text.append("  \"channels\": {\n").append(String.join(",\n", channels)).append("\n  },\n");
    text.append("  \"steps\": [\n").append(String.join(",\n", steps)).append("\n  ]\n}\n");
    return text.toString();
  }

  private static String entry(Map.Entry<String, Object> field) {
    return Json.write(field.getKey()) + ": " + Json.write(field.getValue());
  }
}
