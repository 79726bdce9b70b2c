package org.asyncore;

import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Held;
import org.jspecify.annotations.Nullable;

/**
 * A call in which a listener accepts: if it throws before somebody has taken the connection that
 * {@code accept} gave last, that is closed. In CPython it is then, because nobody refers to it any
 * more.
 *
 * <p>A connection that is not the last one has been dealt with: whoever asks for the next one has
 * kept it or closed it. Calls nest, by loops inside of callbacks. Confined to its thread: what
 * others accept meanwhile is theirs.
 */
final class Acceptance {
  private final Dispatcher listener;
  private final Thread thread = Thread.currentThread();

  /** What {@code accept} gave last; null for nothing. */
  private @Nullable AsyncSocket given;

  Acceptance(Dispatcher listener) {
    this.listener = listener;
  }

  /** {@code accept} gives a connection, or, null, is about to look for one. */
  void gives(@Nullable AsyncSocket socket) {
    if (Thread.currentThread() == thread) given = socket;
  }

  /** The call throws this. */
  void fails(Throwable thrown) {
    if (given == null || isTaken(given)) return;
    try {
      given.close();
    } catch (RuntimeException failed) {
      thrown.addSuppressed(failed);
    }
  }

  private boolean isTaken(AsyncSocket socket) {
    if (socket.fileno() < 0) return true;
    if (socket instanceof Held held) return held.holder() != null;
    Dispatcher there = listener.map().get(socket.fileno());
    return there != null && there.socket() == socket;
  }
}
