package org.asyncore.transport;

import java.nio.ByteBuffer;

/**
 * One end of a {@link Pipe}: a number for a {@code FileDispatcher}, which works on a copy of it,
 * and a plain end to read or write without asyncore.
 *
 * <p>Belongs to whoever asked for the pipe, who closes it. One thread at a time, any thread.
 */
public interface PipeEnd extends AutoCloseable {
  /** The descriptor's number; -1 once closed. */
  int fileno();

  /**
   * {@code os.read} that never blocks.
   *
   * @return how many bytes came, 0 if there are none now, -1 at the end
   */
  int read(ByteBuffer target);

  /**
   * {@code os.read} that waits until there is something.
   *
   * @param waitNanos how long at most, in nanoseconds
   * @return how many bytes came, 0 if the time is over, -1 at the end
   */
  default int read(ByteBuffer target, long waitNanos) throws InterruptedException {
    return PipeWait.until(() -> read(target), waitNanos);
  }

  /**
   * {@code os.write} that never blocks.
   *
   * @return how many bytes the pipe took, 0 if it is full
   * @throws OsException EPIPE if all other ends are closed
   */
  int write(ByteBuffer data);

  /**
   * {@code os.write} that waits until there is room.
   *
   * @param waitNanos how long at most, in nanoseconds
   * @return how many bytes the pipe took, 0 if the time is over
   */
  default int write(ByteBuffer data, long waitNanos) throws InterruptedException {
    return PipeWait.until(() -> write(data), waitNanos);
  }

  /** Closes this end; copies stay open. A second call does nothing. */
  @Override
  void close();
}
