package org.asyncore.python.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of a module of tests.
 *
 * @param endings by tests, in their order: {@code passed}, {@code skipped WHY}, {@code failed WHY}
 * @param isWhole whether it came to its end
 */
record SuiteResult(String module, Map<String, String> endings, Expected expected, boolean isWhole) {
  /** Reads what {@code suite.py} has written. */
  static SuiteResult read(String module, Path lines, Expected expected) throws IOException {
    Map<String, String> endings = new LinkedHashMap<>();
    boolean isWhole = false;
    for (String line : Files.exists(lines) ? Files.readAllLines(lines) : List.<String>of()) {
      String[] words = line.split(" ", 3);
      String why = words.length > 2 ? " " + words[2] : "";
      if (words[0].equals("ended")) isWhole = true;
      else if (!isFailed(endings.get(words[1]))) endings.put(words[1], words[0] + why);
    }
    return new SuiteResult(module, endings, expected, isWhole);
  }

  /** A test of which a part failed has failed. */
  private static boolean isFailed(String ending) {
    return ending != null && ending.startsWith("failed");
  }

  int run() {
    return endings.size();
  }

  private long count(String ending) {
    return endings.values().stream().filter(each -> each.startsWith(ending)).count();
  }

  /** Tests that failed and are not on the list, and those on the list that did not fail. */
  List<String> surprises() {
    List<String> surprises = new ArrayList<>();
    endings.forEach(
        (test, ending) -> {
          boolean mayFail = expected.of(test) != null;
          boolean passed = ending.startsWith("passed");
          boolean skipped = ending.startsWith("skipped");
          if (mayFail && passed) surprises.add(test + " passed: take it out of the list");
          if (!mayFail && !passed && !skipped) surprises.add(test + ": " + ending);
        });
    return surprises;
  }

  static String report(CPython python, List<SuiteResult> results) {
    StringBuilder text = new StringBuilder("# CPython's tests through the library\n\n");
    text.append("Test files of ").append(python.version()).append(".\n\n");
    text.append("| module | run | passed | skipped | failed |\n|---|--:|--:|--:|--:|\n");
    for (SuiteResult each : results) {
      text.append("| ").append(each.module).append(" | ").append(each.run());
      for (String ending : List.of("passed", "skipped", "failed")) {
        text.append(" | ").append(each.count(ending));
      }
      text.append(" |\n");
    }
    text.append("\n| test | ending | entry | cause |\n|---|---|---|---|\n");
    for (SuiteResult each : results) each.rows(text);
    return text.toString();
  }

  private void rows(StringBuilder text) {
    endings.forEach(
        (test, ending) -> {
          if (ending.startsWith("passed")) return;
          Expected.Line line = expected.of(test);
          String entry = line == null ? "" : line.entry();
          String cause = line == null ? "" : line.cause();
          text.append("| ").append(test).append(" | ").append(ending.replace('|', '/'));
          text.append(" | ").append(entry).append(" | ").append(cause).append(" |\n");
        });
  }
}
