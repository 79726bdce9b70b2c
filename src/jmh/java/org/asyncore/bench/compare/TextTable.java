package org.asyncore.bench.compare;

import java.util.List;
import java.util.Locale;
import org.asyncore.bench.compare.Statistics.Interval;

/** What a run prints for a scenario: a line for each server. */
final class TextTable {
  private static final String HEAD =
      "%-15s %12s %6s %5s  %-22s %-22s %9s %8s %9s %9s %9s%n"
          .formatted(
              "",
              "cpu ns/msg",
              "+-",
              "core",
              "per CPU s, 90%",
              "throughput, 90%",
              "msg/s",
              "B/msg",
              "p50 us",
              "p99 us",
              "RSS MiB");

  private TextTable() {}

  static String of(List<Slice> scenario, List<ServerKind> kinds) {
    StringBuilder text = new StringBuilder(HEAD);
    for (ServerKind kind : kinds) {
      Comparison row = new Comparison(scenario, kind.id(), kinds.get(0).id());
      if (row.rounds() > 0) text.append(line(row));
    }
    return text.toString();
  }

  private static String line(Comparison row) {
    return String.format(
        Locale.ROOT,
        "%-15s %12.0f %5.1f%% %4.0f%%  %-22s %-22s %9.0f %8.0f %9.1f %9.1f %9.1f%s%n",
        row.kind(),
        row.median(Slice::cpuPerMessage),
        100 * Statistics.spread(row.each(Slice::cpuPerMessage)),
        100 * row.median(Slice::load),
        text(row.perCpuSecond()),
        text(row.throughput()),
        row.median(Slice::throughput),
        row.median(Slice::allocatedPerMessage),
        row.median(slice -> slice.sample().p50()) / 1000,
        row.median(slice -> slice.sample().p99()) / 1000,
        row.median(Slice::residentKib) / 1024,
        remarks(row));
  }

  private static String remarks(Comparison row) {
    double held = row.median(Slice::heldKib);
    double opened = row.median(Slice::openedNanos);
    String text =
        opened > 0.5e9 ? String.format(Locale.ROOT, "  opened in %.1f s", opened / 1e9) : "";
    if (held != 0) text += String.format(Locale.ROOT, "  held %.1f MiB", held / 1024);
    double disturbed = row.sum(slice -> slice.isDisturbed() ? 1 : 0);
    return disturbed == 0 ? text : text + String.format(Locale.ROOT, "  %.0f disturbed", disturbed);
  }

  private static String text(Interval ratio) {
    return String.format(
        Locale.ROOT, "%.3f [%.3f, %.3f]", ratio.median(), ratio.low(), ratio.high());
  }
}
