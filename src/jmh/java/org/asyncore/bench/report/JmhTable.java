package org.asyncore.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The microbenchmarks, from the CSV file that JMH writes. */
final class JmhTable {
  private static final String ALLOCATED = "gc.alloc.rate.norm";
  private static final int SCORE = 4;
  private static final int ERROR = 5;
  private static final int UNIT = 6;
  private static final int FIRST_PARAMETER = 7;

  private JmhTable() {}

  static String of(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<String> head = fields(lines.get(0));
    Map<String, String> allocated = new LinkedHashMap<>();
    Map<String, List<String>> rows = new LinkedHashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> field = fields(line);
      String name = field.get(0).replaceFirst(".*\\.(\\w+)Benchmark\\.", "$1 ");
      String parameters = parameters(head, field);
      if (name.endsWith(ALLOCATED)) {
        String measured = name.substring(0, name.indexOf(':'));
        allocated.put(measured + parameters, number(field.get(SCORE)));
      } else if (!name.contains(":")) {
        rows.put(name + parameters, field);
      }
    }
    Markdown table = new Markdown(List.of("benchmark", "time", "±", "unit", "heap B"));
    rows.forEach(
        (name, field) ->
            table.row(
                List.of(
                    name,
                    number(field.get(SCORE)),
                    number(field.get(ERROR)),
                    field.get(UNIT),
                    allocated.getOrDefault(name, ""))));
    return table.toString();
  }

  private static String parameters(List<String> head, List<String> field) {
    StringBuilder text = new StringBuilder();
    for (int i = FIRST_PARAMETER; i < field.size(); i++) {
      if (field.get(i).isEmpty()) continue;
      text.append(text.isEmpty() ? ": " : ", ");
      text.append(head.get(i).replace("Param: ", "")).append(' ').append(field.get(i));
    }
    return text.toString();
  }

  private static String number(String text) {
    double value = Double.parseDouble(text);
    return Double.isNaN(value)
        ? ""
        : String.format(Locale.ROOT, value < 10 ? "%.2f" : "%,.0f", value);
  }

  /** JMH quotes texts, and none of them has a quote or a comma inside. */
  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    for (String field : line.split(",", -1)) fields.add(field.replace("\"", ""));
    return fields;
  }
}
