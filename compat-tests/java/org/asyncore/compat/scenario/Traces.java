package org.asyncore.compat.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder of scenarios and the folder of their traces, of the same shape. */
public record Traces(Path scenarios, Path traces) {
  /** The scenarios' files, in order. */
  public List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(scenarios)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  /** What CPython did. */
  public List<String> trace(Path scenario, Mode mode) throws IOException {
    return Files.readAllLines(file(scenario, mode));
  }

  /** Where that is written. */
  public Path file(Path scenario, Mode mode) {
    Path relative = scenarios.relativize(scenario);
    String name = relative.getFileName().toString().replaceFirst("json$", mode.text() + ".jsonl");
    return traces.resolve(relative).resolveSibling(name);
  }
}
