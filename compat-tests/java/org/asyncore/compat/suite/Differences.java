package org.asyncore.compat.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.asyncore.compat.play.Variant;
import org.asyncore.compat.process.Python;

/** The list of intended differences: {@code compat-tests/differences.txt}, or a variant's own. */
final class Differences {

  /** What each name means. */
  static final Path ENTRIES = Path.of("docs", "differences.md");

  private final Path file;
  private final List<Line> lines;

  private Differences(Path file, List<Line> lines) {
    this.file = file;
    this.lines = lines;
  }

  /**
   * A line of the list.
   *
   * @param scenario which scenarios differ
   * @param mode in which mode
   * @param transport on which transport
   * @param entry the name of the entry in docs/differences.md
   */
  record Line(NamePattern scenario, NamePattern mode, NamePattern transport, String entry) {
    boolean matches(Case tried) {
      return scenario.matches(tried.scenario().name())
          && mode.matches(tried.mode().text())
          && transport.matches(tried.transport());
    }

    /** Whether the entry is there, under a heading that is its name. */
    boolean hasEntry() throws IOException {
      return Files.readAllLines(ENTRIES).stream()
          .filter(text -> text.startsWith("#"))
          .map(text -> text.replaceFirst("#+", "").strip().toLowerCase(Locale.ROOT))
          .anyMatch(heading -> heading.replaceAll("[^a-z0-9]+", "-").equals(entry));
    }

    @Override
    public String toString() {
      return String.join(" ", scenario.text(), mode.text(), transport.text(), entry);
    }
  }

  /** Where those stand of a variant, or of what is switched on. */
  static Path fileOf(Variant variant, String with) {
    String name = variant == Variant.PLAIN ? "" : "-" + variant.text();
    if (List.of(with.split(",", -1)).contains("read-ahead")) name = "-read-ahead";
    return Python.HOME.resolve("differences" + name + ".txt");
  }

  static Differences read(Path file) throws IOException {
    List<Line> lines = new ArrayList<>();
    for (String text : Files.readAllLines(file)) {
      String line = text.replaceFirst("#.*", "").strip();
      if (line.isEmpty()) continue;
      String[] words = line.split("\\s+", -1);
      if (words.length != 4) throw new IOException(file + ": not four words: " + text);
      lines.add(
          new Line(
              new NamePattern(words[0]),
              new NamePattern(words[1]),
              new NamePattern(words[2]),
              words[3]));
    }
    return new Differences(file, lines);
  }

  Path file() {
    return file;
  }

  List<Line> lines() {
    return lines;
  }

  /** The line that says that this case differs, or null. */
  Line of(Case tried) {
    for (Line line : lines) {
      if (line.matches(tried)) return line;
    }
    return null;
  }
}
