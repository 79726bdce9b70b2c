package org.asyncore.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A page of prose with parts that are generated, each between two lines of its own:
 *
 * <pre>
 * &lt;!-- generated: NAME --&gt;
 * &lt;!-- end --&gt;
 * </pre>
 */
final class Page {
  private static final String END = "<!-- end -->";

  private final Path file;
  private String text;

  Page(Path file) throws IOException {
    this.file = file;
    text = Files.readString(file);
  }

  /** Replaces the part of a name; {@code content} is whole lines. */
  void replace(String name, String content) {
    String begin = "<!-- generated: " + name + " -->\n";
    int start = text.indexOf(begin);
    int end = text.indexOf(END, Math.max(start, 0));
    if (start < 0 || end < 0) throw new IllegalStateException(file + " has no part " + name);
    text = text.substring(0, start) + begin + "\n" + content + "\n" + text.substring(end);
  }

  void save() throws IOException {
    Files.writeString(file, text);
  }
}
