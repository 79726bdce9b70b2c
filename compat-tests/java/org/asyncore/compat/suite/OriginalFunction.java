package org.asyncore.compat.suite;

import java.util.Map;
import org.asyncore.compat.json.Json;
import org.asyncore.compat.scenario.Fields;
import org.asyncore.compat.scenario.Mode;

/** Which function of asyncore.py or asynchat.py decides about a line of a trace. */
final class OriginalFunction {
  private static final Map<String, String> CALLERS =
      Map.of(
          "handle_read", "dispatcher.handle_read_event",
          "handle_write", "dispatcher.handle_write_event",
          "handle_expt", "dispatcher.handle_expt_event",
          "handle_connect", "dispatcher.handle_connect_event",
          "handle_accept", "dispatcher.handle_read_event",
          "handle_accepted", "dispatcher.handle_accept",
          "handle_close", "dispatcher.recv, dispatcher.send",
          "close", "dispatcher.handle_close, close_all",
          "collect_incoming_data", "asynchat.async_chat.handle_read",
          "found_terminator", "asynchat.async_chat.handle_read");

  private OriginalFunction() {}

  /** Where to read on, for a line that was not written as expected. */
  static String of(String line, Mode mode) {
    if (line.isEmpty()) return "the end of the pass: asyncore." + dispatch(mode);
    Fields fields = new Fields(Fields.asObject(Json.parse(line)));
    if (fields.has("enter")) return ofCall(fields.text("enter"), mode);
    if (fields.has("return")) return ofReturn(fields.text("return"));
    if (fields.has("log")) return "dispatcher.log, dispatcher.log_info, dispatcher.handle_error";
    return switch (fields.text("end")) {
      case "loop", "close_all", "poll", "poll2" -> "asyncore." + fields.text("end");
      case "run_until" -> "asyncore.loop";
      default -> "what went before: this line only tells";
    };
  }

  private static String ofCall(String method, Mode mode) {
    String caller = CALLERS.getOrDefault(method, "dispatcher." + method);
    return caller + ", called by asyncore." + dispatch(mode);
  }

  private static String dispatch(Mode mode) {
    return mode == Mode.POLL ? "poll2, asyncore.readwrite" : "poll, asyncore.read, asyncore.write";
  }

  private static String ofReturn(String method) {
    return switch (method) {
      case "readable", "writable" -> "dispatcher." + method + ", asked by poll and poll2";
      case "send" -> "dispatcher.send, asynchat.async_chat.initiate_send";
      default -> "dispatcher." + method;
    };
  }
}
