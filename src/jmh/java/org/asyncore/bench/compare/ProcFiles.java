package org.asyncore.bench.compare;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/** What Linux knows of a process, by its number. */
final class ProcFiles {
  private static final String COMPILER = "C[12] CompilerThre\\s*"; // Linux cuts names.

  private final Path folder;
  private final ProcessHandle process;

  ProcFiles(long pid) {
    folder = Path.of("/proc", Long.toString(pid));
    process = ProcessHandle.of(pid).orElseThrow();
  }

  /**
   * CPU time since a process began, in nanoseconds.
   *
   * @param work what all threads used but those that compile
   * @param compiling what a JVM's compiler used: a cost of the start, not of a message
   * @param waited how long threads that could work had to wait for their core
   */
  record Cpu(long work, long compiling, long waited) {
    Cpu since(Cpu earlier) {
      return new Cpu(work - earlier.work, compiling - earlier.compiling, waited - earlier.waited);
    }
  }

  /**
   * To the nanosecond where the scheduler tells, without threads that have ended; else to the clock
   * tick, and in one figure.
   */
  Cpu cpu() throws IOException {
    if (!Files.isReadable(folder.resolve("schedstat"))) {
      return new Cpu(process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos(), 0, 0);
    }
    long work = 0;
    long compiling = 0;
    long waited = 0;
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(folder.resolve("task"))) {
      for (Path thread : threads) {
        try {
          String[] word = Files.readString(thread.resolve("schedstat")).split(" ", -1);
          long nanos = Long.parseLong(word[0]);
          if (Files.readString(thread.resolve("comm")).matches(COMPILER)) {
            compiling += nanos;
          } else {
            work += nanos;
            waited += Long.parseLong(word[1]);
          }
        } catch (NoSuchFileException ended) {
          // A compiler's thread that was not needed any more.
        }
      }
    }
    return new Cpu(work, compiling, waited);
  }

  /** Resident memory, in KiB. */
  long residentKib() throws IOException {
    for (String line : Files.readAllLines(folder.resolve("status"))) {
      if (line.startsWith("VmRSS:")) return Long.parseLong(line.replaceAll("\\D", ""));
    }
    return 0;
  }
}
