package org.asyncore.netty;

import java.util.Arrays;

/**
 * Sockets of one loop whose callbacks have sent something that is to leave after them. A callback
 * that does not come to its end holds it back no longer than {@link SendWatch} lets it.
 *
 * <p>For the holder of the turn, but for what the watch asks.
 */
final class HeldSends {
  /** How often in a row the watch finds nothing held until it looks elsewhere. */
  private static final int IDLE_LOOKS = 64;

  /** Changed by the holder of the turn only, and guarded by this as it changes. */
  private Polled[] sockets = new Polled[16];

  private int count;

  /** How often something was held that was not before. Guarded by this, as are the next ones. */
  private long times;

  private boolean isWatched;
  private long timesSeen;
  private int idleLooks;

  boolean isEmpty() {
    return count == 0;
  }

  void add(Polled socket) {
    boolean watch;
    synchronized (this) {
      if (count == sockets.length) sockets = Arrays.copyOf(sockets, count * 2);
      if (count == 0) times++;
      sockets[count++] = socket;
      watch = !isWatched;
      isWatched = true;
    }
    if (watch) SendWatch.watch(this);
  }

  /** Flushes all but those that this pass may leave waiting; null for one that leaves none. */
  void flush(NettyPollster pass) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      Polled socket = sockets[i];
      if (socket.holdsBack(pass)) keep(socket, kept++);
      else socket.flush();
    }
    if (kept < count) forget(kept);
  }

  private synchronized void keep(Polled socket, int at) {
    sockets[at] = socket;
  }

  private synchronized void forget(int kept) {
    while (count > kept) sockets[--count] = null;
  }

  // --- for the watch ---

  /**
   * Sends what was held already when the watch looked last; the callback that sent it goes on.
   *
   * @return whether to look again
   */
  boolean look() {
    for (Polled socket : overdue()) socket.flushOverdue();
    synchronized (this) {
      isWatched = count > 0 || ++idleLooks < IDLE_LOOKS;
      return isWatched;
    }
  }

  private synchronized Polled[] overdue() {
    boolean isOverdue = count > 0 && times == timesSeen;
    if (count > 0) idleLooks = 0;
    timesSeen = times;
    return isOverdue ? Arrays.copyOf(sockets, count) : NONE;
  }

  private static final Polled[] NONE = {};
}
