package org.asyncore.compat.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.asyncore.compat.json.Json;
import org.asyncore.compat.process.PlayerProcess;
import org.asyncore.compat.process.Python;
import org.asyncore.compat.scenario.Fields;
import org.asyncore.compat.scenario.Mode;

/**
 * Makes a scenario small that shows a difference: takes parts away for as long as one persists.
 * Each candidate is recorded on CPython anew; one that cannot be recorded is none.
 */
final class Shrinker implements AutoCloseable {
  private static final int CANDIDATES = 32;

  private final Python python;
  private final PlayerProcess process;
  private final Difference difference;

  /** Whether it is a difference of traces that must persist, and not a failure to play. */
  private final boolean isOfTraces;

  private Difference smallest;

  /** What has the file of the smallest one; null while that is the original. */
  private Batch kept;

  Shrinker(Python python, PlayerProcess process, Difference difference) {
    this.python = python;
    this.process = process;
    this.difference = difference;
    isOfTraces = isOfTraces(difference.why());
    smallest = difference;
  }

  private static boolean isOfTraces(String why) {
    return why.startsWith("first difference");
  }

  /** The scenario to begin with, in the one mode in which it differs. */
  Map<String, Object> original() throws IOException {
    Map<String, Object> scenario =
        new LinkedHashMap<>(Fields.asObject(Json.parse(Files.readString(difference.file()))));
    scenario.put("modes", List.of(difference.mode().text()));
    return scenario;
  }

  boolean differs(Map<String, Object> scenario) throws IOException, InterruptedException {
    return firstThatDiffers(List.of(scenario)) >= 0;
  }

  /** The smallest scenario found. */
  Difference shrink() throws IOException, InterruptedException {
    Map<String, Object> scenario = original();
    boolean isSmaller = true;
    while (isSmaller) {
      Map<String, Object> before = scenario;
      for (int size = steps(scenario).size() / 2; size > 0; size /= 2) {
        scenario = withoutSteps(scenario, size);
      }
      scenario = withoutParts(scenario);
      isSmaller = scenario != before;
    }
    return smallest;
  }

  private static List<?> steps(Map<String, Object> scenario) {
    return (List<?>) scenario.get("steps");
  }

  /** Takes away runs of so many steps, from the end on, for as long as that can be done. */
  private Map<String, Object> withoutSteps(Map<String, Object> scenario, int size)
      throws IOException, InterruptedException {
    Map<String, Object> smaller = scenario;
    for (int end = steps(smaller).size(); end > 0; ) {
      List<Map<String, Object>> candidates = new ArrayList<>();
      List<Integer> ends = new ArrayList<>();
      for (int to = end; to > 0 && candidates.size() < CANDIDATES; to -= size) {
        List<Object> fewer = new ArrayList<>(steps(smaller));
        fewer.subList(Math.max(0, to - size), to).clear();
        candidates.add(with(smaller, "steps", fewer));
        ends.add(to);
      }
      int index = firstThatDiffers(candidates);
      if (index >= 0) smaller = candidates.get(index);
      end = ends.get(index >= 0 ? index : ends.size() - 1) - size;
    }
    return smaller;
  }

  /** Takes away channels, fields of channels, handlers, and actions of handlers, one by one. */
  private Map<String, Object> withoutParts(Map<String, Object> scenario)
      throws IOException, InterruptedException {
    Map<String, Object> smaller = scenario;
    while (true) {
      List<Map<String, Object>> candidates = new ArrayList<>();
      for (Object part : Parts.removed(smaller.get("channels"), 0)) {
        candidates.add(with(smaller, "channels", part));
      }
      int index = firstThatDiffers(candidates);
      if (index < 0) return smaller;
      smaller = candidates.get(index);
    }
  }

  private static Map<String, Object> with(Map<String, Object> object, String key, Object value) {
    Map<String, Object> copy = new LinkedHashMap<>(object);
    copy.put(key, value);
    return copy;
  }

  private int firstThatDiffers(List<Map<String, Object>> candidates)
      throws IOException, InterruptedException {
    Batch batch = new Batch(python, Files.createTempDirectory("compat-shrink-"));
    List<Path> files = new ArrayList<>();
    for (Map<String, Object> candidate : candidates) {
      files.add(batch.add(difference.name() + "-" + files.size(), candidate));
    }
    batch.record();
    for (Path file : files) {
      for (Mode mode : batch.recorded(file)) {
        String why = batch.difference(file, mode, process);
        if (why == null || isOfTraces(why) != isOfTraces) continue;
        if (batch.named(file, mode, difference.transport()) != null) continue;
        smallest = new Difference(file, mode, difference.transport(), why);
        close();
        kept = batch;
        return files.indexOf(file);
      }
    }
    batch.delete();
    return -1;
  }

  /** Deletes the file of the smallest one. */
  @Override
  public void close() throws IOException {
    if (kept != null) kept.delete();
    kept = null;
  }
}
