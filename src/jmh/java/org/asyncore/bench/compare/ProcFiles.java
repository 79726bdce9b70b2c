package org.asyncore.bench.compare;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/** What Linux knows of a process, by its number. */
final class ProcFiles {
  private final Path folder;
  private final ProcessHandle process;

  ProcFiles(long pid) {
    folder = Path.of("/proc", Long.toString(pid));
    process = ProcessHandle.of(pid).orElseThrow();
  }

  /**
   * The CPU time of all its threads, in nanoseconds. To the nanosecond where the scheduler tells;
   * threads that have ended are then left out. Else to the clock tick.
   */
  long cpuNanos() throws IOException {
    if (!Files.isReadable(folder.resolve("schedstat"))) {
      return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }
    long total = 0;
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(folder.resolve("task"))) {
      for (Path thread : threads) {
        try {
          String line = Files.readString(thread.resolve("schedstat"));
          total += Long.parseLong(line.substring(0, line.indexOf(' ')));
        } catch (NoSuchFileException ended) {
          // A compiler thread that was not needed any more.
        }
      }
    }
    return total;
  }

  /** Resident memory, in KiB. */
  long residentKib() throws IOException {
    for (String line : Files.readAllLines(folder.resolve("status"))) {
      if (line.startsWith("VmRSS:")) return Long.parseLong(line.replaceAll("\\D", ""));
    }
    return 0;
  }
}
