package org.asyncore.bench.report;

import java.util.Collections;
import java.util.List;

/** A table: the first column is text, the others are figures. */
final class Markdown {
  private final StringBuilder text = new StringBuilder();

  Markdown(List<String> head) {
    row(head);
    text.append("|---").append(String.join("", Collections.nCopies(head.size() - 1, "|--:")));
    text.append("|\n");
  }

  void row(List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
