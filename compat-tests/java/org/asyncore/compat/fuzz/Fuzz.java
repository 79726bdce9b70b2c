package org.asyncore.compat.fuzz;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.asyncore.compat.process.PlayerProcess;
import org.asyncore.compat.process.Python;
import org.asyncore.compat.scenario.Mode;

/**
 * Plays random scenarios, one for each seed, in both modes on every transport.
 *
 * <p>A difference counts if it is there again when the scenario is recorded and played anew: under
 * load both sides may be too slow for a settle. One that is not is told as unsteady.
 */
public final class Fuzz {
  private static final int BATCH = 200;

  /** Processes on each transport; scenarios mostly wait. */
  private static final int PLAYERS = 2;

  private final Python python;
  private final List<String> transports;
  private final Path folder;
  private final PrintStream out;

  /** What is found goes into the folder. */
  public Fuzz(Python python, List<String> transports, Path folder, PrintStream out) {
    this.python = python;
    this.transports = transports;
    this.folder = folder;
    this.out = out;
  }

  /** Plays the scenarios of so many seeds; how many of them differ. */
  public int run(long firstSeed, int seeds) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    List<Difference> found = new ArrayList<>();
    List<Batch> batches = new ArrayList<>();
    Set<String> failed = new HashSet<>();
    int played = 0;
    for (int done = 0; done < seeds; done += BATCH) {
      Path temporary = Files.createTempDirectory("compat-fuzz-");
      Batch batch = new Batch(python, temporary);
      batch.generate(firstSeed + done, Math.min(BATCH, seeds - done));
      batch.record();
      for (Path file : batch.files()) {
        if (!batch.recorded(file).isEmpty()) played++;
        else out.println("not recorded: " + file.getFileName());
      }
      List<Difference> ofBatch = differences(batch);
      for (Difference difference : ofBatch) {
        found.add(difference);
        failed.add(difference.name());
        out.println("differs: " + difference);
      }
      if (ofBatch.isEmpty()) batch.delete();
      else batches.add(batch); // The files are needed to make one small.
    }
    if (!found.isEmpty()) shrink(found.get(0));
    for (Batch batch : batches) batch.delete();
    out.println((played - failed.size()) + " passed, " + failed.size() + " failed");
    return failed.size();
  }

  private List<Difference> differences(Batch batch) throws IOException, InterruptedException {
    List<Callable<List<Difference>>> tasks = new ArrayList<>();
    for (String transport : transports) {
      for (int i = 0; i < PLAYERS; i++) {
        int player = i;
        tasks.add(() -> differences(batch, transport, player));
      }
    }
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      List<Difference> all = new ArrayList<>();
      for (Future<List<Difference>> part : threads.invokeAll(tasks)) all.addAll(part.get());
      return all;
    } catch (ExecutionException e) {
      throw new IOException("fuzz", e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  /** What one of the players of a transport finds, in its share of the batch. */
  private List<Difference> differences(Batch batch, String transport, int player)
      throws IOException, InterruptedException {
    List<Difference> found = new ArrayList<>();
    List<Path> files = batch.files();
    try (PlayerProcess process = process(transport)) {
      for (int i = player; i < files.size(); i += PLAYERS) {
        for (Mode mode : batch.recorded(files.get(i))) {
          String why = batch.difference(files.get(i), mode, process);
          if (why == null) continue;
          Difference difference = new Difference(files.get(i), mode, transport, why);
          String entry = batch.named(files.get(i), mode, transport);
          if (entry != null) out.println("named: " + difference + " " + entry);
          else if (isSteady(difference)) found.add(difference);
          else out.println("unsteady: " + difference);
        }
      }
    }
    return found;
  }

  private boolean isSteady(Difference difference) throws IOException, InterruptedException {
    try (PlayerProcess process = process(difference.transport());
        Shrinker shrinker = new Shrinker(python, process, difference)) {
      return shrinker.differs(shrinker.original());
    }
  }

  private void shrink(Difference difference) throws IOException, InterruptedException {
    out.println("making " + difference + " small ...");
    try (PlayerProcess process = process(difference.transport());
        Shrinker shrinker = new Shrinker(python, process, difference)) {
      Difference small = shrinker.shrink();
      String mode = difference.mode().text();
      String name = difference.name() + "-" + mode + "-" + difference.transport();
      Path saved = folder.resolve(name + ".json");
      Files.writeString(saved, Files.readString(small.file()));
      out.println(small.why());
      out.println("saved: " + saved);
    }
  }

  private PlayerProcess process(String transport) {
    return new PlayerProcess(transport, folder.resolve("stderr-" + transport + ".txt"));
  }
}
