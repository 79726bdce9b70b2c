package org.asyncore.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import org.asyncore.bench.compare.Results;
import org.asyncore.bench.compare.Slice;

/**
 * Brings the pages of the benchmarks, and what that of the migration says of costs, up to date with
 * a run.
 *
 * <p>Copies the result files into {@code docs/benchmarks}, so that the pages can be made again from
 * what is there; then writes the charts beside them, and the tables into the pages. Prose is left
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
    Page costs = new Page(Path.of("docs", "benchmarks.md"));
    Page figures = new Page(kept.resolve("figures.md"));
    costs.replace("machine", MachineTable.of(kept.resolve("machine.properties")));
    figures.replace("commands", MachineTable.commands(kept.resolve("machine.properties")));
    if (Files.exists(kept.resolve("compare.csv"))) {
      List<Slice> slices = Results.read(kept);
      write(new CompareTables(slices), costs, figures);
      drawCharts(new CompareTables(slices), kept);
      Page migrating = new Page(Path.of("docs", "migrating.md"));
      migrating.replace("ladder", LadderTable.of(slices));
      migrating.save();
    }
    if (Files.exists(kept.resolve("jmh.csv"))) {
      figures.replace("jmh", JmhTable.of(kept.resolve("jmh.csv")));
    }
    costs.save();
    figures.save();
  }

  private static void write(CompareTables tables, Page costs, Page figures) {
    costs.replace("summary", tables.summary());
    costs.replace("behind", tables.behind());
    figures.replace("yardsticks", tables.yardsticks());
    figures.replace("cost", tables.costs());
  }

  private static void drawCharts(CompareTables tables, Path folder) throws IOException {
    for (CompareCharts.Group group : CompareCharts.Group.values()) {
      String name = group.name().toLowerCase(Locale.ROOT);
      Files.writeString(folder.resolve(name + ".svg"), CompareCharts.of(tables, group));
    }
  }
}
