package org.asyncore.compat.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.asyncore.compat.process.Python;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Are the stored traces what CPython does? Asked where there is a CPython 3.11. */
class RecordedTracesIT {
  private static final List<String> CAREFULLY = List.of("--jobs", "1", "--settle-ms", "50");

  private final Settings settings = Settings.ofSystem();

  @Test
  void cpythonDoesWhatTheTracesSay() throws IOException {
    Python python = Python.find().orElse(null);
    Assumptions.assumeTrue(python != null, "no CPython 3.11 here: the stored traces serve");
    Python.Output checked = check(python, List.of("--jobs", "4"));
    // A machine under load may be too slow for a settle of 10 ms.
    if (checked.status() != 0) checked = check(python, CAREFULLY);
    assertEquals(0, checked.status(), checked.text());
  }

  private Python.Output check(Python python, List<String> options) throws IOException {
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(List.of("--check", "--traces", settings.folders().traces().toString()));
    arguments.add(settings.folders().scenarios().toString());
    return python.run("record.py", arguments.toArray(String[]::new));
  }
}
