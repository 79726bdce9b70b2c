package org.asyncore.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.asyncore.bench.compare.Comparison;
import org.asyncore.bench.compare.ServerKind;
import org.asyncore.bench.compare.Slice;
import org.asyncore.bench.compare.Statistics.Interval;
import org.asyncore.bench.load.Scenario;

/** What the chat room costs on each rung of docs/migrating.md. */
final class LadderTable {
  private LadderTable() {}

  /** A row for each room that was measured; empty if none was. */
  static String of(List<Slice> all) {
    List<Slice> slices =
        all.stream().filter(slice -> slice.about().shape() == Scenario.Shape.CHAT).toList();
    Markdown table =
        new Markdown(
            List.of(
                "the room",
                "CPU µs for a line heard",
                "lines for a second of CPU, rung 6 = 1",
                "p99 µs",
                "heap B for a line heard"));
    List<ServerKind> kinds =
        Stream.of(ServerKind.values()).filter(kind -> kind != ServerKind.ROOM_NATIVE).toList();
    for (ServerKind kind : kinds) row(table, slices, kind);
    row(table, slices, ServerKind.ROOM_NATIVE);
    return slices.isEmpty() ? "" : table.toString();
  }

  private static void row(Markdown table, List<Slice> slices, ServerKind kind) {
    Comparison rounds = new Comparison(slices, kind.id(), ServerKind.ROOM_NATIVE.id());
    if (rounds.rounds() == 0) return;
    Interval ratio = rounds.perCpuSecond();
    double heap = rounds.median(Slice::allocatedPerMessage);
    table.row(
        List.of(
            kind.title(),
            figure("%.2f", rounds.median(Slice::cpuPerMessage) / 1e3),
            String.format(
                Locale.ROOT, "%.2f (%.2f-%.2f)", ratio.median(), ratio.low(), ratio.high()),
            figure("%,.0f", rounds.median(slice -> slice.sample().p99()) / 1e3),
            Double.isNaN(heap) ? "" : figure("%,.0f", heap)));
  }

  private static String figure(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
