package org.asyncore.ends;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How long a thread was ready to run and did not get a processor: what a busy machine takes from a
 * loop is no fault of the loop's. Linux tells; elsewhere it is nothing.
 */
final class Starvation {
  private final Path statistics;
  private long nanos;

  private Starvation(Path statistics) {
    this.statistics = statistics;
  }

  static Starvation ofThisThread() {
    Path self = Path.of("/proc/thread-self");
    try {
      return new Starvation(self.toRealPath().resolve("schedstat"));
    } catch (IOException notHere) {
      return new Starvation(self);
    }
  }

  /** So far; of a thread that has ended, as it was asked last. From any thread. */
  synchronized long nanos() {
    try {
      nanos = Long.parseLong(Files.readString(statistics).split(" ", -1)[1]);
    } catch (IOException ended) {
      return nanos;
    }
    return nanos;
  }
}
