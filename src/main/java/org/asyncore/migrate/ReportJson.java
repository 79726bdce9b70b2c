package org.asyncore.migrate;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Map;
import org.asyncore.Callback;

/** A migration report for programs: JSON, RFC 8259, in ASCII. */
final class ReportJson {
  private ReportJson() {}

  static String of(List<ClassUse> classes) {
    return classes.stream().map(ReportJson::of).collect(joining(",", "{\"classes\":[", "]}"));
  }

  private static String of(ClassUse use) {
    StringBuilder json = new StringBuilder("{\"className\":").append(quoted(use.className()));
    member(json, "dispatchers", use.dispatchers());
    member(json, "asked", use.asked());
    member(json, "callbacks", callbacks(use.called()));
    member(json, "callbackNanos", use.callbackNanos());
    member(json, "bytesReceived", use.bytesReceived());
    member(json, "bytesSent", use.bytesSent());
    member(json, "redeliveredReads", use.redeliveredReads());
    member(json, "partialSends", use.partialSends());
    member(json, "idleWrites", use.idleWrites());
    member(json, "accepted", use.accepted());
    member(json, "acceptedByHand", use.acceptedByHand());
    member(json, "nestedLoops", use.nestedLoops());
    member(json, "errors", use.errors());
    member(json, "hosted", use.hosted());
    member(json, "next", quoted(use.next()));
    return json.append('}').toString();
  }

  private static void member(StringBuilder json, String name, Object value) {
    json.append(",\"").append(name).append("\":").append(value);
  }

  private static String callbacks(Map<Callback, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> quoted(entry.getKey().name()) + ":" + entry.getValue())
        .collect(joining(",", "{", "}"));
  }

  /** A JSON string: class names may have letters of any alphabet, and of agents' making. */
  static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') json.append('\\').append(c);
      else if (c >= ' ' && c <= '~') json.append(c);
      else json.append(String.format("\\u%04x", (int) c));
    }
    return json.append('"').toString();
  }
}
