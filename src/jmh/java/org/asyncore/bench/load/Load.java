package org.asyncore.bench.load;

import java.io.IOException;

/** Connections to a server, and how they are kept busy. Confined to one thread. */
interface Load extends AutoCloseable {
  /** Nothing came back for so long: the server is stuck. */
  long STALL_NANOS = 60_000_000_000L;

  /** Keeps them busy for a time, then waits until everything is answered. */
  Sample run(long durationNanos) throws IOException;

  /** As {@link #run}, to make the server's code and buffers what they will be. */
  default void warm(long durationNanos) throws IOException {
    run(durationNanos);
  }

  @Override
  void close() throws IOException;
}
