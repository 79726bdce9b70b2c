package org.asyncore.compat.play;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.asyncore.compat.json.Json;

/**
 * The lines written so far, and where in the script we are. Safe from any thread: the log may be
 * printed from anywhere.
 */
final class Trace {
  private final List<String> lines = new ArrayList<>();

  /** The number of the step that is being done. */
  private int step;

  /** Which pass of a {@code passes} step is running, from 1; 0 outside of one. */
  private int pass;

  synchronized void step(int step) {
    this.step = step;
  }

  synchronized int step() {
    return step;
  }

  /** Begins a pass; returns the one that it is in, to go back to. */
  synchronized int pass(int pass) {
    int outer = this.pass;
    this.pass = pass;
    return outer;
  }

  synchronized int pass() {
    return pass;
  }

  /** Writes a line: {@code {"s": …, KIND: WHAT, …}}. */
  synchronized void emit(String kind, String what, Map<String, Object> fields) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("s", step);
    if (pass != 0) line.put("p", pass);
    line.put(kind, what);
    line.putAll(fields);
    lines.add(Json.write(line));
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }
}
