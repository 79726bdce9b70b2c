package org.asyncore.bench.report;

import java.util.Locale;
import org.asyncore.bench.compare.Statistics.Interval;

/**
 * Ratios as horizontal bars with their intervals, and a line at 1. Bars that would be longer than
 * the chart are cut, and tell so.
 */
final class BarChart {
  private static final int WIDTH = 860;
  private static final int LEFT = 250;
  private static final int RIGHT = 130;
  private static final int ROW = 18;
  private static final double LONGEST = 1.6;

  private final String title;
  private final StringBuilder body = new StringBuilder();
  private int y = 40;

  BarChart(String title) {
    this.title = title;
  }

  void group(String name) {
    y += 10;
    add("<text x='8' y='%d' font-weight='bold'>%s</text>%n", y + 12, name);
    y += ROW;
  }

  void bar(String name, String color, Interval ratio) {
    int end = x(ratio.median());
    add("<text x='%d' y='%d' text-anchor='end'>%s</text>%n", LEFT - 6, y + 12, name);
    add(
        "<rect x='%d' y='%d' width='%d' height='%d' fill='%s'/>%n",
        LEFT, y + 2, end - LEFT, ROW - 5, color);
    add(
        "<line x1='%d' y1='%d' x2='%d' y2='%d' stroke='black'/>%n",
        x(ratio.low()), y + ROW / 2, x(ratio.high()), y + ROW / 2);
    String cut = ratio.median() > LONGEST ? " (cut)" : "";
    add(
        "<text x='%d' y='%d'>%.2f%s</text>%n",
        Math.max(end, x(ratio.high())) + 6, y + 12, ratio.median(), cut);
    y += ROW;
  }

  private static int x(double ratio) {
    return LEFT + (int) Math.round(Math.min(ratio, LONGEST) / LONGEST * (WIDTH - LEFT - RIGHT));
  }

  private void add(String format, Object... values) {
    body.append(String.format(Locale.ROOT, format, values));
  }

  String toSvg() {
    int height = y + 16;
    String one =
        "<line x1='%d' y1='34' x2='%d' y2='%d' stroke='#b00020' stroke-dasharray='4 3'/>%n"
            .formatted(x(1), x(1), height - 10);
    return """
    <svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' font-size='12'>
    <rect width='100%%' height='100%%' fill='white'/>
    <text x='8' y='22' font-size='14'>%s</text>
    %s%s</svg>
    """
        .formatted(WIDTH, height, title, body, one);
  }
}
