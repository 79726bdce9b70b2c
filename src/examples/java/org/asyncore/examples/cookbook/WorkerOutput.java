package org.asyncore.examples.cookbook;

import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What worker threads have for one client: who writes waits while it is full, and the loop alone
 * takes and sends. Safe from any thread.
 */
final class WorkerOutput {
  private final int mostBytes;
  private final Runnable tellLoop;

  /** Guarded by this, as is all below. */
  private final Queue<byte[]> pieces = new ArrayDeque<>();

  private int byteCount;
  private boolean closed;

  /**
   * An empty one.
   *
   * @param tellLoop called after each write, on the writer's thread and without a lock
   */
  WorkerOutput(int mostBytes, Runnable tellLoop) {
    this.mostBytes = mostBytes;
    this.tellLoop = tellLoop;
  }

  /** Waits for room; fails once the client has gone. */
  void write(byte[] data) throws ClosedChannelException, InterruptedException {
    synchronized (this) {
      while (byteCount >= mostBytes && !closed) wait();
      if (closed) throw new ClosedChannelException();
      pieces.add(data);
      byteCount += data.length;
    }
    tellLoop.run(); // Not under the lock: the loop may be waiting for it in take().
  }

  /** For the loop, which never waits: null if there is nothing. */
  synchronized byte[] take() {
    byte[] piece = pieces.poll();
    if (piece == null) return null;
    byteCount -= piece.length;
    notifyAll();
    return piece;
  }

  /** The client has gone. */
  synchronized void close() {
    closed = true;
    pieces.clear();
    notifyAll();
  }
}
