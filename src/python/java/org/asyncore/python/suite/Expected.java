package org.asyncore.python.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What may fail: the lines of {@code src/python/differences.txt}. */
record Expected(List<Line> lines) {
  private static final Path FILE = Path.of("src/python/differences.txt");
  private static final Path ENTRIES = Path.of("docs/differences.md");

  /**
   * A line of the list.
   *
   * @param test the test's name, with its module
   * @param entry the name of an entry of docs/differences.md
   * @param cause a few words
   */
  record Line(String test, String entry, String cause) {
    boolean hasEntry() throws IOException {
      return Files.readAllLines(ENTRIES).contains("## " + entry);
    }
  }

  static Expected read() throws IOException {
    List<Line> lines = new ArrayList<>();
    for (String text : Files.readAllLines(FILE)) {
      String line = text.replaceFirst("#.*", "").strip();
      if (line.isEmpty()) continue;
      String[] words = line.split("\\s+", 3);
      if (words.length != 3) throw new IOException(FILE + ": not three parts: " + text);
      lines.add(new Line(words[0], words[1], words[2]));
    }
    return new Expected(lines);
  }

  /** The line of a test, or null. */
  Line of(String test) {
    for (Line line : lines) if (line.test.equals(test)) return line;
    return null;
  }
}
