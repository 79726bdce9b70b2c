package org.asyncore.bench.report;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.consumer.RecordedEvent;

/**
 * A part of a flight recording as lanes over time: passes, with what they waited, and the callbacks
 * of each dispatcher.
 */
final class RecordingChart {
  private static final int WIDTH = 860;
  private static final int LEFT = 170;
  private static final int RIGHT = 20;
  private static final int TOP = 64;
  private static final int ROW = 24;
  private static final int BAR = 14;
  private static final int LEGEND = 40;
  private static final long MARGIN_NANOS = 30_000;

  private static final Map<String, String> COLORS =
      Map.of("ACCEPT", "#3a9d5d", "READ", "#1f6fb2", "WRITE", "#d98c3f");

  private static final String OTHER = "#7d6bb0";
  private static final String WAIT = "#dddddd";
  private static final String WORK = "#555555";

  private final Instant start;
  private final long nanos;

  /** Where each begins, from above. */
  private final Map<String, Integer> lanes = new LinkedHashMap<>();

  private final StringBuilder body = new StringBuilder();

  private RecordingChart(Instant start, Instant end) {
    this.start = start;
    nanos = Duration.between(start, end).toNanos();
  }

  /** Of times with so many connections each, one after the other, the quickest. */
  static String of(List<RecordedEvent> recorded, int connections) {
    List<RecordedEvent> events =
        recorded.stream()
            .filter(event -> event.getEventType().getName().startsWith("org.asyncore."))
            .toList();
    List<Instant> accepts =
        named(events, "Accept").stream().map(RecordedEvent::getStartTime).sorted().toList();
    int quickest = 0;
    for (int i = 0; i + connections < accepts.size(); i += connections) {
      if (nanos(accepts, i, connections) < nanos(accepts, quickest, connections)) quickest = i;
    }
    Instant first = accepts.get(quickest).minusNanos(MARGIN_NANOS);
    Instant last = accepts.get(quickest + connections).minusNanos(MARGIN_NANOS);
    return new RecordingChart(first, last).draw(events);
  }

  private static long nanos(List<Instant> accepts, int from, int connections) {
    return Duration.between(accepts.get(from), accepts.get(from + connections)).toNanos();
  }

  private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals("org.asyncore." + name))
        .toList();
  }

  private String draw(List<RecordedEvent> events) {
    String transport =
        named(events, "Transport").stream()
            .map(event -> event.getString("name"))
            .findFirst()
            .orElse("?");
    axis();
    for (RecordedEvent pass : named(events, "Pass")) {
      Instant waited = pass.getStartTime().plus(pass.getDuration("waitTime"));
      bar("passes", pass.getStartTime(), waited, WAIT);
      bar("passes", waited, pass.getEndTime(), WORK);
    }
    for (RecordedEvent call : named(events, "Callback")) {
      String type = call.getClass("dispatcher").getName().replaceFirst(".*[.$]", "");
      String color = COLORS.getOrDefault(call.getString("callback"), OTHER);
      String lane = type + ", number " + call.getInt("number");
      bar(lane, call.getStartTime(), call.getEndTime(), color);
    }
    lanes.forEach((name, y) -> text(8, y + BAR - 3, name));
    legend();
    return """
    <svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' font-size='12'>
    <rect width='100%%' height='100%%' fill='white'/>
    <text x='8' y='22' font-size='14'>A flight recording of the echo server, on %s, with three clients</text>
    %s</svg>
    """
        .formatted(WIDTH, TOP + lanes.size() * ROW + LEGEND, transport, body);
  }

  /** A line for each piece of time, of which there are ten or so. */
  private void axis() {
    long step = 1_000;
    for (int i = 0; nanos / step > 12; i++) step = step * (i % 3 == 1 ? 5 : 4) / 2; // 1, 2, 5, 10
    for (long at = 0; at <= nanos; at += step) {
      int x = x(start.plusNanos(at));
      add("<line x1='%d' y1='%d' x2='%d' y2='100%%' stroke='#eeeeee'/>%n", x, TOP - 10, x);
      text(x - 8, TOP - 16, String.format(Locale.ROOT, "%.1f ms", at / 1e6));
    }
  }

  /** One that is in the part that is drawn, at least a pixel wide. */
  private void bar(String lane, Instant from, Instant to, String color) {
    if (to.isBefore(start) || from.isAfter(start.plusNanos(nanos))) return;
    int y = lanes.computeIfAbsent(lane, name -> TOP + lanes.size() * ROW);
    int left = x(from);
    add(
        "<rect x='%d' y='%d' width='%d' height='%d' fill='%s'/>%n",
        left, y, Math.max(1, x(to) - left), BAR, color);
  }

  private void legend() {
    int y = TOP + lanes.size() * ROW + 10;
    int x = LEFT;
    Map<String, String> all = new TreeMap<>(COLORS);
    all.put("a pass waits", WAIT);
    all.put("asks and calls", WORK);
    all.put("another callback", OTHER);
    for (Map.Entry<String, String> entry : all.entrySet()) {
      add("<rect x='%d' y='%d' width='10' height='10' fill='%s'/>%n", x, y, entry.getValue());
      text(x + 14, y + 10, entry.getKey());
      x += 30 + 7 * entry.getKey().length();
    }
  }

  private int x(Instant time) {
    double part = (double) Duration.between(start, time).toNanos() / nanos;
    return LEFT + (int) Math.round(Math.min(1, Math.max(0, part)) * (WIDTH - LEFT - RIGHT));
  }

  private void text(int x, int y, String text) {
    add("<text x='%d' y='%d'>%s</text>%n", x, y, text);
  }

  private void add(String format, Object... values) {
    body.append(String.format(Locale.ROOT, format, values));
  }
}
