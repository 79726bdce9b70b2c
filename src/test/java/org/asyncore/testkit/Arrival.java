package org.asyncore.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Waits until what was sent is in the other end's hands, where Linux tells: in its table of TCP.
 */
public final class Arrival {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private Arrival() {}

  /** Until the system of {@code to} has acknowledged all that {@code from} has sent. */
  public static void await(SocketAddress from, SocketAddress to) {
    String ends = "[0-9A-F]+:" + port(from) + " [0-9A-F]+:" + port(to) + " \\S+ ";
    long start = System.nanoTime();
    while (rows().stream().noneMatch(row -> row.matches("\\s*\\d+: " + ends + "0{8}:.*"))) {
      if (rows().isEmpty()) return; // Another system.
      if (System.nanoTime() - start > LIMIT_NANOS) {
        throw new AssertionError("not acknowledged in 10 s: what " + from + " sent to " + to);
      }
      Thread.onSpinWait();
    }
  }

  private static String port(SocketAddress address) {
    return String.format(Locale.ROOT, "%04X", ((InetSocketAddress) address).getPort());
  }

  private static List<String> rows() {
    List<String> rows = new ArrayList<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      try {
        if (Files.isReadable(Path.of(table))) rows.addAll(Files.readAllLines(Path.of(table)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return rows;
  }
}
