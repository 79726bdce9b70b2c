package org.asyncore.migrate;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Locale;
import org.asyncore.OneLine;

/** A migration report for people. */
final class ReportText {
  private static final double NANOS_PER_MILLI = 1e6;

  private ReportText() {}

  static String of(List<ClassUse> classes) {
    return classes.stream().map(ReportText::of).collect(joining("\n"));
  }

  private static String of(ClassUse use) {
    StringBuilder text = new StringBuilder(OneLine.of(use.className())).append('\n');
    line(text, "dispatchers", use.dispatchers());
    line(text, "predicates asked", use.asked());
    use.called().forEach((kind, count) -> line(text, "called to " + verb(kind.name()), count));
    String millis = String.format(Locale.ROOT, "%.1f ms", use.callbackNanos() / NANOS_PER_MILLI);
    text.append("  time in callbacks: ").append(millis).append('\n');
    line(text, "bytes received", use.bytesReceived());
    line(text, "bytes sent", use.bytesSent());
    line(text, "re-delivered reads", use.redeliveredReads());
    line(text, "partial sends", use.partialSends());
    line(text, "writes of nothing", use.idleWrites());
    line(text, "accepted", use.accepted());
    line(text, "accepted by hand", use.acceptedByHand());
    line(text, "passes inside callbacks", use.nestedLoops());
    line(text, "errors", use.errors());
    return text.append("  next: ").append(use.next()).append('\n').toString();
  }

  private static String verb(String kind) {
    return switch (kind) {
      case "URGENT" -> "take urgent data";
      case "ERROR" -> "handle an error";
      case "USER_EVENT" -> "take a user event";
      case "SCHEDULED" -> "run a scheduled call";
      case "STOP" -> "stop with its loop";
      default -> kind.toLowerCase(Locale.ROOT);
    };
  }

  private static void line(StringBuilder text, String what, long count) {
    if (count != 0) text.append("  ").append(what).append(": ").append(count).append('\n');
  }
}
