package org.asyncore.bench.report;

import static java.util.Comparator.comparingDouble;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.asyncore.bench.compare.Comparison;
import org.asyncore.bench.compare.ServerKind;
import org.asyncore.bench.compare.Slice;
import org.asyncore.bench.compare.Statistics.Interval;
import org.asyncore.bench.load.Scenario;

/** The tables over the rounds of a comparison, but for the rooms of {@link LadderTable}. */
final class CompareTables {
  private final List<Slice> slices;

  /** The servers that took part, in the order of {@link ServerKind}. */
  private final List<ServerKind> kinds;

  CompareTables(List<Slice> slices) {
    this.slices =
        slices.stream().filter(slice -> slice.about().shape() != Scenario.Shape.CHAT).toList();
    List<String> ids = this.slices.stream().map(Slice::kind).distinct().toList();
    kinds = Stream.of(ServerKind.values()).filter(kind -> ids.contains(kind.id())).toList();
  }

  List<ServerKind> kinds() {
    return kinds;
  }

  /** The scenarios that were measured. */
  List<Scenario> scenarios() {
    List<String> names = slices.stream().map(Slice::scenario).distinct().toList();
    return Scenario.ALL.stream().filter(scenario -> names.contains(scenario.name())).toList();
  }

  /** A server's rounds of a scenario, measured by Netty's; there may be none. */
  Comparison of(Scenario scenario, ServerKind kind) {
    return of(scenario, kind, ServerKind.NETTY);
  }

  private Comparison of(Scenario scenario, ServerKind kind, ServerKind baseline) {
    List<Slice> rounds =
        slices.stream().filter(slice -> slice.scenario().equals(scenario.name())).toList();
    return new Comparison(rounds, kind.id(), baseline.id());
  }

  /** What all others do, Netty being 1. */
  String perCpuSecond() {
    List<ServerKind> others = kinds.stream().filter(kind -> kind != ServerKind.NETTY).toList();
    return ratios("messages for a second of CPU, Netty = 1", others, ServerKind.NETTY);
  }

  /** What ours do, CPython being 1. */
  String againstPython() {
    List<ServerKind> ours = kinds.stream().filter(ServerKind::isOurs).toList();
    return ratios("messages for a second of CPU, CPython = 1", ours, ServerKind.PYTHON);
  }

  /** Scenarios down, servers across: the ratio and its interval. */
  private String ratios(String title, List<ServerKind> across, ServerKind baseline) {
    List<String> head = new ArrayList<>(List.of(title));
    across.forEach(kind -> head.add(kind.title()));
    Markdown table = new Markdown(head);
    for (Scenario scenario : scenarios()) {
      if (of(scenario, baseline).rounds() == 0) continue;
      List<String> row = new ArrayList<>(List.of(scenario.title()));
      for (ServerKind kind : across) {
        Comparison rounds = of(scenario, kind, baseline);
        row.add(rounds.rounds() == 0 ? "" : text(rounds.perCpuSecond()));
      }
      table.row(row);
    }
    return table.toString();
  }

  /** Where a server of ours is surely behind Netty, worst first. */
  String behind() {
    record Loss(String text, double ratio) {}
    List<Loss> losses = new ArrayList<>();
    for (Scenario scenario : scenarios()) {
      for (ServerKind kind : kinds) {
        if (!kind.isOurs()) continue;
        Comparison rounds = of(scenario, kind);
        if (rounds.rounds() == 0 || rounds.perCpuSecond().high() >= 1) continue;
        Interval ratio = rounds.perCpuSecond();
        String text = "- " + scenario.title() + ", " + kind.title() + ": " + text(ratio) + "\n";
        losses.add(new Loss(text, ratio.median()));
      }
    }
    losses.sort(comparingDouble(Loss::ratio));
    StringBuilder list = new StringBuilder();
    losses.forEach(loss -> list.append(loss.text));
    return losses.isEmpty() ? "Nowhere in this run.\n" : list.toString();
  }

  /** All figures of all servers. */
  String costs() {
    StringBuilder text = new StringBuilder();
    for (Scenario scenario : scenarios()) {
      Markdown table =
          new Markdown(
              List.of(
                  scenario.title(),
                  "CPU µs/message",
                  "messages/s",
                  "core",
                  "p50 µs",
                  "p99 µs",
                  "p99.9 µs",
                  "heap B/message",
                  "resident MiB",
                  "opened in s",
                  "held MiB"));
      for (ServerKind kind : kinds) {
        Comparison rounds = of(scenario, kind);
        if (rounds.rounds() > 0) table.row(cost(kind, rounds));
      }
      text.append(text.isEmpty() ? "" : "\n").append(table);
    }
    return text.toString();
  }

  private static List<String> cost(ServerKind kind, Comparison rounds) {
    boolean isLate =
        rounds.median(slice -> slice.about().shape() == Scenario.Shape.LATE ? 1 : 0) == 1;
    return List.of(
        kind.title(),
        figure(rounds, slice -> slice.cpuPerMessage() / 1e3, "%.2f"),
        figure(rounds, Slice::throughput, "%,.0f"),
        figure(rounds, slice -> 100 * slice.load(), "%.0f%%"),
        figure(rounds, slice -> slice.sample().p50() / 1e3, "%,.0f"),
        figure(rounds, slice -> slice.sample().p99() / 1e3, "%,.0f"),
        figure(rounds, slice -> slice.sample().p999() / 1e3, "%,.0f"),
        figure(rounds, Slice::allocatedPerMessage, "%,.0f"),
        figure(rounds, slice -> slice.residentKib() / 1024.0, "%.0f"),
        figure(rounds, slice -> slice.openedNanos() / 1e9, "%.2f"),
        isLate ? figure(rounds, slice -> slice.heldKib() / 1024.0, "%.1f") : "");
  }

  private static String figure(Comparison rounds, ToDoubleFunction<Slice> figure, String format) {
    double median = rounds.median(figure);
    return Double.isNaN(median) ? "" : String.format(Locale.ROOT, format, median);
  }

  private static String text(Interval ratio) {
    return String.format(
        Locale.ROOT, "%.2f (%.2f-%.2f)", ratio.median(), ratio.low(), ratio.high());
  }
}
