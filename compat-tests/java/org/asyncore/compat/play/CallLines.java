package org.asyncore.compat.play;

import java.net.SocketAddress;
import java.util.Map;
import java.util.Set;
import org.asyncore.compat.scenario.Bytes;
import org.asyncore.transport.Accepted;

/** Writes the {@code enter} and {@code return} lines of channels. */
final class CallLines {
  /** Offered more than this, the count depends on the system's buffers. */
  private static final int BIG_SEND = 16384;

  private static final Set<String> ALWAYS_ENTER =
      Set.of(
          "handle_read",
          "handle_write",
          "handle_expt",
          "handle_connect",
          "handle_accept",
          "handle_accepted",
          "handle_close",
          "handle_error",
          "close",
          "collect_incoming_data",
          "found_terminator");

  private final World world;

  CallLines(World world) {
    this.world = world;
  }

  /** Whether a method leaves a line though the scenario does not override it. */
  static boolean alwaysEnters(String method) {
    return ALWAYS_ENTER.contains(method);
  }

  void entered(Script script, Call call) {
    world.addresses().learn(); // Now: the method may close a socket that has just got an address.
    if (script.isQuiet()) return;
    Map<String, Object> fields = Lines.of("ch", script.name());
    switch (call.method()) {
      case "handle_accepted" ->
          fields.put("addr", world.addresses().show((SocketAddress) call.args().get(1)));
      case "collect_incoming_data" -> fields.put("data", Bytes.show((byte[]) call.arg()));
      case "handle_error" ->
          fields.put(
              "exc", call.arg() == null ? null : world.exceptions().show((Throwable) call.arg()));
      case "log" -> fields.put("text", world.texts().show((String) call.arg()));
      case "log_info" -> {
        fields.put("text", world.texts().show((String) call.arg()));
        fields.put("type", call.args().get(1));
      }
      default -> {} // The method says it all.
    }
    world.trace().emit("enter", call.method(), fields);
  }

  void returned(Script script, Call call, Object value) {
    if (value instanceof Accepted pair) {
      script.accepted(pair.socket());
      world.keep(pair.socket());
      world.noDelay(pair.socket());
    }
    if (script.isQuiet()) return;
    Map<String, Object> fields = fields(script, call);
    fields.put("value", shown(call, value));
    world.trace().emit("return", call.method(), fields);
  }

  void raised(Script script, Call call, Throwable thrown) {
    if (script.isQuiet()) return;
    Map<String, Object> fields = fields(script, call);
    fields.put("raised", world.exceptions().show(thrown));
    world.trace().emit("return", call.method(), fields);
  }

  private static Map<String, Object> fields(Script script, Call call) {
    Map<String, Object> fields = Lines.of("ch", script.name());
    if (call.method().equals("recv")) fields.put("n", call.arg());
    if (call.method().equals("send")) fields.put("data", Bytes.show((byte[]) call.arg()));
    return fields;
  }

  private Object shown(Call call, Object value) {
    if (value == null) return null;
    return switch (call.method()) {
      case "accept" -> world.addresses().show(((Accepted) value).address());
      case "recv" -> Bytes.show((byte[]) value);
      default -> {
        int count = (Integer) value;
        boolean isBig = ((byte[]) call.arg()).length > BIG_SEND;
        yield isBig && count > 0 ? "some" : value;
      }
    };
  }
}
