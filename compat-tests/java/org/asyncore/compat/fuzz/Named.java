package org.asyncore.compat.fuzz;

import java.util.List;
import org.asyncore.compat.json.Json;
import org.asyncore.compat.scenario.Action;
import org.asyncore.compat.scenario.Fields;
import org.asyncore.compat.scenario.Scenario;

/** The entries of docs/differences.md that random scenarios run into. */
final class Named {
  private Named() {}

  /**
   * The entry that may explain a difference; null if none does.
   *
   * @param trace what CPython did
   */
  static String entry(Scenario scenario, List<String> trace, String transport) {
    boolean isNio = transport.equals("nio");
    return isNio && isResetBeforeAccept(scenario, trace) ? "reset-before-accept-on-nio" : null;
  }

  private static boolean isResetBeforeAccept(Scenario scenario, List<String> trace) {
    List<Action> steps = scenario.steps();
    for (int i = 0; i < steps.size(); i++) {
      if (!steps.get(i).operation().equals("reset")) continue;
      String peer = "<" + steps.get(i).text("peer") + ">";
      for (String text : trace) {
        Fields line = new Fields(Fields.asObject(Json.parse(text)));
        boolean isAccept = "accept".equals(line.value("return"));
        if (!isAccept || line.integer("s") < i) continue;
        if (String.valueOf(line.value("value")).endsWith(peer)) return true;
      }
    }
    return false;
  }
}
