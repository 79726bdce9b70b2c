package org.asyncore.compat.scenario;

import java.util.ArrayList;
import java.util.List;
import org.asyncore.compat.json.Json;

/** Two traces side by side: what CPython did on the left, what we did on the right. */
public final class TraceDiff {
  private static final int BEFORE = 8;
  private static final int AFTER = 6;
  private static final int COLUMN = 76;

  private final List<String> expected;
  private final List<String> got;
  private final int first;

  /** Compares, line by line, as JSON values. */
  public TraceDiff(List<String> expected, List<String> got) {
    this.expected = expected;
    this.got = got;
    first = firstDifference();
  }

  private int firstDifference() {
    int longest = Math.max(expected.size(), got.size());
    for (int i = 0; i < longest; i++) {
      if (i >= expected.size() || i >= got.size()) return i;
      if (!Json.parse(expected.get(i)).equals(Json.parse(got.get(i)))) return i;
    }
    return -1;
  }

  /** Whether the traces are equal. */
  public boolean isEmpty() {
    return first < 0;
  }

  /** The line of CPython's trace that we did not write; empty if it has no more. */
  public String expectedLine() {
    return line(expected, first);
  }

  /** The line that we wrote in its place; empty if we wrote no more. */
  public String gotLine() {
    return line(got, first);
  }

  private static String line(List<String> lines, int index) {
    return index < lines.size() ? lines.get(index) : "";
  }

  /** The first difference, marked, with what is around it. */
  @Override
  public String toString() {
    if (isEmpty()) return "no difference";
    StringBuilder text = new StringBuilder();
    text.append("first difference in line ").append(first + 1).append(":\n");
    text.append("  expected  ").append(expectedLine()).append('\n');
    text.append("  got       ").append(gotLine()).append("\n\n");
    row(text, "   ", "expected", "got");
    int end = Math.min(Math.max(expected.size(), got.size()), first + 1 + AFTER);
    for (int i = Math.max(0, first - BEFORE); i < end; i++) {
      row(text, i == first ? ">> " : "   ", line(expected, i), line(got, i));
    }
    return text.toString();
  }

  private static void row(StringBuilder text, String mark, String left, String right) {
    List<String> lefts = folded(left);
    List<String> rights = folded(right);
    for (int i = 0; i < Math.max(lefts.size(), rights.size()); i++) {
      text.append(i == 0 ? mark : "   ");
      text.append(String.format("%-" + COLUMN + "s | %s", line(lefts, i), line(rights, i)).strip());
      text.append('\n');
    }
  }

  private static List<String> folded(String line) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < line.length(); i += COLUMN) {
      parts.add(line.substring(i, Math.min(line.length(), i + COLUMN)));
    }
    return parts;
  }
}
