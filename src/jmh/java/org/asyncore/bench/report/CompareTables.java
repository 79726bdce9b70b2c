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
    List<Slice> rounds =
        slices.stream().filter(slice -> slice.scenario().equals(scenario.name())).toList();
    return new Comparison(rounds, kind.id(), ServerKind.NETTY.id());
  }

  /** Scenarios down; across, what a program does as it was ported, and at best. */
  String summary() {
    Markdown table =
        new Markdown(
            List.of(
                "messages for a second of CPU, Netty = 1",
                "in `loop()`, as ported",
                "in `loop()`, at best",
                "hosted, as ported",
                "hosted, at best",
                "CPython"));
    for (Scenario scenario : scenarios()) {
      if (of(scenario, ServerKind.NETTY).rounds() == 0) continue;
      ServerKind looped = scenario.lines() ? ServerKind.SHIM_CHAT : ServerKind.SHIM_BYTES;
      ServerKind hosted = scenario.lines() ? ServerKind.HOSTED_CHAT : ServerKind.HOSTED_BYTES;
      table.row(
          List.of(
              scenario.title(),
              ratio(scenario, looped),
              best(scenario, looped, "asyncore, "),
              ratio(scenario, hosted),
              best(scenario, hosted, "asyncore hosted, "),
              ratio(scenario, ServerKind.PYTHON)));
    }
    return table.toString();
  }

  /** What is measured beside ours: other Nettys, and none. */
  String yardsticks() {
    List<ServerKind> across =
        kinds.stream()
            .filter(kind -> kind != ServerKind.NETTY && !kind.isOurs() && !kind.isPython())
            .toList();
    List<String> head = new ArrayList<>(List.of("messages for a second of CPU, Netty = 1"));
    across.forEach(kind -> head.add(kind.title()));
    Markdown table = new Markdown(head);
    for (Scenario scenario : scenarios()) {
      List<String> row = across.stream().map(kind -> ratio(scenario, kind)).toList();
      if (row.stream().allMatch(String::isEmpty)) continue;
      table.row(Stream.concat(Stream.of(scenario.title()), row.stream()).toList());
    }
    return table.toString();
  }

  /** The best of those whose title begins so, and which one it is; empty if it is that one. */
  private String best(Scenario scenario, ServerKind asPorted, String titles) {
    ServerKind best =
        kinds.stream()
            .filter(kind -> kind.title().startsWith(titles) && of(scenario, kind).rounds() > 0)
            .max(comparingDouble(kind -> of(scenario, kind).perCpuSecond().median()))
            .orElse(asPorted);
    if (best == asPorted) return "";
    return ratio(scenario, best) + " " + best.title().substring(titles.length());
  }

  /** Against Netty, with its interval; empty for what was not measured. */
  private String ratio(Scenario scenario, ServerKind kind) {
    Comparison rounds = of(scenario, kind);
    return rounds.rounds() == 0 ? "" : text(rounds.perCpuSecond());
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
                  "messages for a second of CPU, Netty = 1",
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
        if (rounds.rounds() > 0) table.row(cost(kind, rounds, ratio(scenario, kind)));
      }
      text.append(text.isEmpty() ? "" : "\n").append(table);
    }
    return text.toString();
  }

  private static List<String> cost(ServerKind kind, Comparison rounds, String ratio) {
    boolean isLate =
        rounds.median(slice -> slice.about().shape() == Scenario.Shape.LATE ? 1 : 0) == 1;
    return List.of(
        kind.title(),
        kind == ServerKind.NETTY ? "1" : ratio,
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
