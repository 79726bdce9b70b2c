package org.asyncore.compat.fuzz;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    if (!transport.equals("nio")) return null;
    if (isResetBeforeAccept(scenario, trace)) return "reset-before-accept-on-nio";
    if (isResetWhileConnecting(scenario, trace)) return "reset-while-connecting-on-nio";
    return isEmptySend(scenario, trace) ? "empty-send-on-nio" : null;
  }

  private static boolean isResetBeforeAccept(Scenario scenario, List<String> trace) {
    List<Action> steps = scenario.steps();
    for (int i = 0; i < steps.size(); i++) {
      if (!steps.get(i).operation().equals("reset")) continue;
      String peer = "<" + steps.get(i).text("peer") + ">";
      for (Fields line : parsed(trace)) {
        boolean isAccept = "accept".equals(line.value("return"));
        if (!isAccept || line.integer("s") < i) continue;
        if (String.valueOf(line.value("value")).endsWith(peer)) return true;
      }
    }
    return false;
  }

  /** Whether a peer reset a connection whose dispatcher had not been told that it is up. */
  private static boolean isResetWhileConnecting(Scenario scenario, List<String> trace) {
    Map<String, String> dialled = new HashMap<>(); // Whom a listener's next connection is of.
    Map<String, String> ofPeers = new HashMap<>();
    List<Action> steps = scenario.steps();
    for (int i = 0; i < steps.size(); i++) {
      Action step = steps.get(i);
      switch (step.operation()) {
        case "dial" -> dialled.put(step.text("to"), step.text("channel"));
        case "accept" -> ofPeers.put(step.text("peer"), dialled.get(step.text("at", "")));
        case "reset" -> {
          String channel = ofPeers.get(step.text("peer"));
          if (channel != null && !isToldBefore(i, channel, trace)) return true;
        }
        default -> {
          // Another one.
        }
      }
    }
    return false;
  }

  private static boolean isToldBefore(int step, String channel, List<String> trace) {
    for (Fields line : parsed(trace)) {
      boolean isTold = "handle_connect".equals(line.value("enter"));
      if (isTold && channel.equals(line.value("ch")) && line.integer("s") < step) return true;
    }
    return false;
  }

  /** Whether a dispatcher_with_send found out by sending what it had not. */
  private static boolean isEmptySend(Scenario scenario, List<String> trace) {
    Fields before = null;
    for (Fields line : parsed(trace)) {
      boolean follows = before != null && "handle_write".equals(before.value("enter"));
      if (follows
          && "handle_close".equals(line.value("enter"))
          && isWithSend(scenario, line.value("ch"))
          && line.value("ch").equals(before.value("ch"))) {
        return true;
      }
      before = line;
    }
    return false;
  }

  private static boolean isWithSend(Scenario scenario, Object channel) {
    Fields declaration = scenario.channels().get(channel);
    return declaration != null && "dispatcher_with_send".equals(declaration.value("kind"));
  }

  private static List<Fields> parsed(List<String> trace) {
    return trace.stream().map(text -> new Fields(Fields.asObject(Json.parse(text)))).toList();
  }
}
