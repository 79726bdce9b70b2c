package org.asyncore.examples.cookbook;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Pipe;
import org.asyncore.transport.Transport;

/**
 * Streams of the JDK as pipes of a transport, each copied by a thread: for files that a loop cannot
 * wait for, which on NIO are all that others have opened.
 */
final class BlockingStreams {
  private static final long WAIT_NANOS = Duration.ofSeconds(1).toNanos();

  private BlockingStreams() {}

  /** A pipe whose reader gives what this stream has. The reader is the caller's. */
  static Pipe reading(InputStream in, Transport transport) {
    Pipe pipe = transport.pipe();
    start("reading", true, () -> copy(in, pipe));
    return pipe;
  }

  /**
   * A pipe whose writer takes what is for this stream. The writer is the caller's; the JVM goes on
   * until all its copies are closed, and what they took is written.
   */
  static Pipe writing(OutputStream out, Transport transport) {
    Pipe pipe = transport.pipe();
    start("writing", false, () -> copy(pipe, out));
    return pipe;
  }

  private interface Copying {
    void run() throws IOException, InterruptedException;
  }

  private static void start(String name, boolean isDaemon, Copying copying) {
    Runnable task =
        () -> {
          try {
            copying.run();
          } catch (IOException | OsException | InterruptedException ended) {
            // The other side has gone away: there is nobody left to copy for.
          }
        };
    Thread thread = new Thread(task, name);
    thread.setDaemon(isDaemon);
    thread.start();
  }

  private static void copy(InputStream in, Pipe pipe) throws IOException, InterruptedException {
    byte[] piece = new byte[8192];
    try (in) {
      for (int count; (count = in.read(piece)) >= 0; ) {
        ByteBuffer rest = ByteBuffer.wrap(piece, 0, count);
        while (rest.hasRemaining()) pipe.writer().write(rest, WAIT_NANOS);
      }
    } finally {
      pipe.writer().close();
    }
  }

  private static void copy(Pipe pipe, OutputStream out) throws IOException, InterruptedException {
    ByteBuffer piece = ByteBuffer.allocate(8192);
    try (out) {
      while (pipe.reader().read(piece.clear(), WAIT_NANOS) >= 0) {
        out.write(piece.array(), 0, piece.position());
        out.flush();
      }
    } finally {
      pipe.reader().close();
    }
  }
}
