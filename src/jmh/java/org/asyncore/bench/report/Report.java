package org.asyncore.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import org.asyncore.bench.compare.Results;

/**
 * Brings the page of the benchmarks, and what that of the migration says of costs, up to date with
 * a run.
 *
 * <p>Copies the result files into {@code docs/benchmarks}, so that the page can be made again from
 * what is there; then writes the charts beside them, and the tables into the page. Prose is left
 * alone; see {@link Page}.
 */
public final class Report {
  private static final List<String> FILES = List.of("compare.csv", "machine.properties", "jmh.csv");

  private Report() {}

  /** Arguments: the folder of the results, by default {@code target/bench}. */
  public static void main(String[] args) throws IOException {
    Path results = args.length > 0 ? Path.of(args[0]) : Path.of("target", "bench");
    Path kept = Path.of("docs", "benchmarks");
    Files.createDirectories(kept);
    for (String name : FILES) {
      Path file = results.resolve(name);
      if (!Files.exists(file)) continue;
      Files.copy(file, kept.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    write(kept, new Page(Path.of("docs", "benchmarks.md")));
    if (!Files.exists(kept.resolve("compare.csv"))) return;
    Page migrating = new Page(Path.of("docs", "migrating.md"));
    migrating.replace("ladder", LadderTable.of(Results.read(kept)));
    migrating.save();
  }

  private static void write(Path kept, Page page) throws IOException {
    page.replace("machine", MachineTable.of(kept.resolve("machine.properties")));
    if (Files.exists(kept.resolve("compare.csv"))) {
      CompareTables tables = new CompareTables(Results.read(kept));
      page.replace("per-cpu-second", tables.perCpuSecond());
      page.replace("against-python", tables.againstPython());
      page.replace("behind", tables.behind());
      page.replace("cost", tables.costs());
      for (CompareCharts.Group group : CompareCharts.Group.values()) {
        String name = group.name().toLowerCase(Locale.ROOT);
        Files.writeString(kept.resolve(name + ".svg"), CompareCharts.of(tables, group));
      }
    }
    if (Files.exists(kept.resolve("jmh.csv"))) {
      page.replace("jmh", JmhTable.of(kept.resolve("jmh.csv")));
    }
    page.save();
  }
}
