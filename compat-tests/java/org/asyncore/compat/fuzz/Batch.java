package org.asyncore.compat.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.asyncore.compat.process.Played;
import org.asyncore.compat.process.PlayerProcess;
import org.asyncore.compat.process.Python;
import org.asyncore.compat.scenario.Mode;
import org.asyncore.compat.scenario.Scenario;
import org.asyncore.compat.scenario.ScenarioText;
import org.asyncore.compat.scenario.TraceDiff;
import org.asyncore.compat.scenario.Traces;

/** Scenarios in a folder, all recorded on CPython at once, to be played one by one. */
final class Batch {
  private static final String JOBS = "4";

  private final Python python;
  private final Path folder;
  private final Traces folders;

  Batch(Python python, Path folder) {
    this.python = python;
    this.folder = folder;
    folders = new Traces(folder.resolve("scenarios"), folder.resolve("traces"));
  }

  /** Makes one scenario of each seed. */
  void generate(long firstSeed, int seeds) throws IOException {
    Python.Output made =
        python.run(
            "generate.py",
            "--seed",
            Long.toString(firstSeed),
            "--seeds",
            Integer.toString(seeds),
            "--out",
            folders.scenarios().toString());
    if (made.status() != 0) throw new IOException("generate.py: " + made.text());
  }

  /** Adds a scenario. */
  Path add(String name, Map<String, Object> scenario) throws IOException {
    Files.createDirectories(folders.scenarios());
    return Files.writeString(
        folders.scenarios().resolve(name + ".json"), ScenarioText.of(scenario));
  }

  /** Records them all; what cannot be recorded has no trace. */
  void record() throws IOException {
    String traces = folders.traces().toString();
    python.run("record.py", "--jobs", JOBS, "--out", traces, folders.scenarios().toString());
  }

  List<Path> files() throws IOException {
    return folders.files();
  }

  /** The modes in which a scenario has a trace. */
  List<Mode> recorded(Path file) {
    List<Mode> modes = new ArrayList<>();
    for (Mode mode : Scenario.read(file).modes()) {
      if (Files.exists(folders.file(file, mode))) modes.add(mode);
    }
    return modes;
  }

  /** What differs, or what went wrong; null if nothing. */
  String difference(Path file, Mode mode, PlayerProcess process)
      throws IOException, InterruptedException {
    Played played = process.play(file, mode);
    if (played.problem() != null) return played.problem();
    TraceDiff diff = new TraceDiff(folders.trace(file, mode), played.lines());
    return diff.isEmpty() ? null : diff.toString();
  }

  /** The entry of docs/differences.md that may explain a difference; null if none does. */
  String named(Path file, Mode mode, String transport) throws IOException {
    return Named.entry(Scenario.read(file), folders.trace(file, mode), transport);
  }

  /** Deletes the folder with all that is in it. */
  void delete() throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = new ArrayList<>(files.toList());
    }
    Collections.reverse(all);
    for (Path file : all) Files.delete(file);
  }
}
