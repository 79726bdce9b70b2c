package org.asyncore.bench.compare;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;

/**
 * The files of a run: {@code compare.csv} with a line for each round of each server, and {@code
 * machine.properties}. Lines are there as soon as they are measured.
 */
public final class Results implements AutoCloseable {
  /** Between the options of a run and those of one that was appended to it. */
  public static final String AND = " ; ";

  private final BufferedWriter lines;

  /** Begins anew, but for the rounds in {@code kept}. */
  Results(Path folder, Properties machine, List<Slice> kept) throws IOException {
    Files.createDirectories(folder);
    try (Writer facts = Files.newBufferedWriter(folder.resolve("machine.properties"))) {
      for (String name : new TreeSet<>(machine.stringPropertyNames())) {
        facts.write(name + "=" + machine.getProperty(name) + "\n"); // Sorted, and without a date.
      }
    }
    lines = Files.newBufferedWriter(folder.resolve("compare.csv"));
    lines.write(Slice.HEADER + "\n");
    for (Slice slice : kept) add(slice);
  }

  /** Whether a run has left results in this folder. */
  static boolean areIn(Path folder) {
    return Files.exists(folder.resolve("compare.csv"));
  }

  /** Puts what is known of an earlier run before what is new of one that is appended to it. */
  static void addTo(Properties facts, Path folder) throws IOException {
    Properties before = new Properties();
    try (BufferedReader lines = Files.newBufferedReader(folder.resolve("machine.properties"))) {
      before.load(lines);
    }
    for (String name : before.stringPropertyNames()) {
      String then = before.getProperty(name);
      String now = facts.getProperty(name, "");
      String and = name.equals("options") ? AND : ", ";
      facts.setProperty(name, then.endsWith(now) ? then : then + and + now);
    }
  }

  void add(Slice slice) throws IOException {
    lines.write(slice.toCsv() + "\n");
    lines.flush();
  }

  /** The rounds of a run. */
  public static List<Slice> read(Path folder) throws IOException {
    List<Slice> slices = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(folder.resolve("compare.csv"))) {
      if (!Slice.HEADER.equals(lines.readLine())) {
        throw new IOException(folder + "/compare.csv is of another version of the benchmark");
      }
      for (String line; (line = lines.readLine()) != null; ) slices.add(Slice.parse(line));
    }
    return slices;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
