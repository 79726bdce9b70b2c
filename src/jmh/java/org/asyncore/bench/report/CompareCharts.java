package org.asyncore.bench.report;

import org.asyncore.bench.compare.Comparison;
import org.asyncore.bench.compare.ServerKind;
import org.asyncore.bench.load.Scenario;

/** The charts over the rounds of a comparison. */
final class CompareCharts {
  /** What stands in one chart. */
  enum Group {
    MESSAGES("Messages", "pingpong-.*|pipelined-.*|churn-.*"),
    BULK("Bulk", "bulk-.*|tls-.*|late-.*"),
    LINES("Lines", "lines-.*"),
    IDLE("Beside 10,000 idle connections", "idle10k-.*");

    private final String title;
    private final String names;

    Group(String title, String names) {
      this.title = title;
      this.names = names;
    }
  }

  private CompareCharts() {}

  static String of(CompareTables tables, Group group) {
    BarChart chart =
        new BarChart(group.title + ": messages for a second of the server's CPU, Netty = 1");
    for (Scenario scenario : tables.scenarios()) {
      if (!scenario.name().matches(group.names)) continue;
      chart.group(scenario.title());
      for (ServerKind kind : tables.kinds()) {
        Comparison rounds = tables.of(scenario, kind);
        if (kind == ServerKind.NETTY || rounds.rounds() == 0) continue;
        chart.bar(kind.title(), color(kind), rounds.perCpuSecond());
      }
    }
    return chart.toSvg();
  }

  /** Ours are blue in loop() and green in a pipeline, CPython is orange. */
  private static String color(ServerKind kind) {
    return switch (kind) {
      case NETTY -> "#555555";
      case NETTY_IO_URING -> "#7a7a7a";
      case NETTY_FIXED, NETTY_ARRAYS, NETTY_CODEC -> "#bdbdbd";
      case NIO -> "#9aa0a6";
      case SHIM_BYTES -> "#1f6fb2";
      case SHIM_ON_TOUCH -> "#6aaede";
      case SHIM_READ_AHEAD, SHIM_BUSY_POLL -> "#0b3c66";
      case SHIM_COUNTERS, SHIM_SPIN_DOCTOR, SHIM_MIGRATION_REPORT -> "#7d6bb0";
      case SHIM_BUFFER, SHIM_ARRAY -> "#4b9cd3";
      case SHIM_BYTEBUF -> "#2d86c9";
      case SHIM_WITH_SEND -> "#8ec1e6";
      case SHIM_CHAT -> "#15507f";
      case HOSTED_BYTES -> "#3a9d5d";
      case HOSTED_BUFFER -> "#7cc596";
      case HOSTED_BYTEBUF -> "#57b27a";
      case HOSTED_CHAT -> "#256b3e";
      case HOSTED_IO_URING -> "#a3d9b5";
      case ROOM_NATIVE,
          ROOM_LIBRARY,
          ROOM_NATIVE_DOOR,
          ROOM_WATCHED,
          ROOM_HOSTED,
          ROOM_HANDED_OVER ->
          throw new IllegalArgumentException("not in a chart: " + kind);
      case PYTHON -> "#d98c3f";
      case PYTHON_SELECT -> "#ecc08f";
    };
  }
}
