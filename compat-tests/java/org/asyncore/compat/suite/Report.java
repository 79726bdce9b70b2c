package org.asyncore.compat.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.asyncore.compat.json.Json;
import org.asyncore.compat.scenario.Mode;

/** Writes what came out: {@code report.md} for people, {@code report.json} for programs. */
final class Report {
  private final Settings settings;
  private final Map<String, String> versions;
  private final List<Result> results;

  Report(Settings settings, Map<String, String> versions, List<Result> results) {
    this.settings = settings;
    this.versions = versions;
    this.results = results;
  }

  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("report.md"), markdown());
    Files.writeString(folder.resolve("report.json"), json());
  }

  // --- for people ---

  private String markdown() {
    StringBuilder text = new StringBuilder("# Does it behave like CPython's asyncore?\n\n");
    text.append("Scenarios: `").append(settings.folders().scenarios()).append("`, `");
    text.append(settings.only()).append("`; variant: ").append(settings.variant().text());
    text.append("\n\n");
    versions.forEach(
        (name, version) ->
            text.append("* ").append(name).append(": ").append(version).append('\n'));
    summary(text);
    listOf(Outcome.FAILED, text);
    listOf(Outcome.NAMED, text);
    table(text);
    return text.toString();
  }

  private void summary(StringBuilder text) {
    text.append("\n| transport | mode | passed | named difference | failed |\n");
    text.append("| --- | --- | ---: | ---: | ---: |\n");
    for (String transport : settings.transports()) {
      for (Mode mode : Mode.values()) {
        text.append("| ").append(transport).append(" | ").append(mode.text());
        for (Outcome outcome : Outcome.values()) {
          text.append(" | ").append(count(transport, mode, outcome));
        }
        text.append(" |\n");
      }
    }
  }

  private long count(String transport, Mode mode, Outcome outcome) {
    return results.stream()
        .filter(result -> result.tried().transport().equals(transport))
        .filter(result -> result.tried().mode() == mode && result.outcome() == outcome)
        .count();
  }

  private void listOf(Outcome outcome, StringBuilder text) {
    List<Result> found = results.stream().filter(r -> r.outcome() == outcome).toList();
    if (found.isEmpty()) return;
    text.append("\n## ").append(capitalised(outcome.text())).append('\n');
    for (Result result : found) {
      text.append("\n### ").append(result.tried()).append("\n\n");
      if (result.entry() != null)
        text.append("docs/differences.md#").append(result.entry()).append("\n\n");
      text.append("```\n").append(result.why().strip()).append("\n```\n");
    }
  }

  private static String capitalised(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private void table(StringBuilder text) {
    Map<String, Map<String, String>> rows = new TreeMap<>();
    for (Result result : results) {
      Case tried = result.tried();
      String column = tried.mode().text() + ", " + tried.transport();
      rows.computeIfAbsent(tried.scenario().name(), name -> new LinkedHashMap<>())
          .put(
              column,
              result.entry() == null
                  ? result.outcome().text()
                  : result.outcome().text() + ": " + result.entry());
    }
    text.append("\n## All scenarios\n\n| scenario |");
    List<String> columns = new ArrayList<>();
    for (String transport : settings.transports()) {
      for (Mode mode : Mode.values()) columns.add(mode.text() + ", " + transport);
    }
    for (String column : columns) text.append(' ').append(column).append(" |");
    text.append("\n| --- |").append(" --- |".repeat(columns.size())).append('\n');
    rows.forEach(
        (name, row) -> {
          text.append("| ").append(name).append(" |");
          for (String column : columns)
            text.append(' ').append(row.getOrDefault(column, "")).append(" |");
          text.append('\n');
        });
  }

  // --- for programs ---

  private String json() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("versions", versions);
    List<Object> list = new ArrayList<>();
    for (Result result : results) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("scenario", result.tried().scenario().name());
      row.put("mode", result.tried().mode().text());
      row.put("transport", result.tried().transport());
      row.put("outcome", result.outcome().text());
      if (result.entry() != null) row.put("difference", result.entry());
      if (!result.why().isEmpty()) row.put("why", result.why());
      list.add(row);
    }
    report.put("results", list);
    return Json.write(report) + "\n";
  }
}
