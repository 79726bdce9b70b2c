package org.asyncore.netty.socket;

import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;

/**
 * Those of one loop whose callbacks have sent something that is to leave after them. A callback
 * that does not come to its end holds it back no longer than {@link SendWatch} lets it.
 *
 * <p>For the loop's thread, but for what the watch asks.
 */
public final class HeldSends {
  /** How often in a row the watch finds nothing held until it looks elsewhere. */
  private static final int IDLE_LOOKS = 64;

  private static final FastThreadLocal<HeldSends> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected HeldSends initialValue() {
          return new HeldSends();
        }
      };

  /** What was sent on one connection. */
  public interface Sender {
    /** Hands it to the kernel, as far as that has room; for the loop's thread. */
    void flush();

    /**
     * Has it leave though the callback that sent it goes on. From another thread, while that of the
     * loop is elsewhere.
     */
    void flushOverdue();

    /** Whether it may wait for the pass that follows this one. */
    default boolean holdsBack(NettyPollster pass) {
      return false;
    }
  }

  /** Changed by the loop's thread only, and guarded by this as it changes. */
  private Sender[] sockets = new Sender[16];

  private int count;

  /** How often something was held that was not before. Guarded by this, as are the next ones. */
  private long times;

  private boolean isWatched;
  private long timesSeen;
  private int idleLooks;

  public boolean isEmpty() {
    return count == 0;
  }

  /** Those of an event loop of somebody else, which calls. */
  public static HeldSends ofThread() {
    return OF_THREAD.get();
  }

  public void add(Sender socket) {
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

  public void flushAll() {
    flush(null);
  }

  /** Flushes all but those that this pass may leave waiting; null for one that leaves none. */
  public void flush(NettyPollster pass) {
    if (count == 0) return;
    int kept = 0;
    for (int i = 0; i < count; i++) {
      Sender socket = sockets[i];
      if (socket.holdsBack(pass)) keep(socket, kept++);
      else socket.flush();
    }
    if (kept < count) forget(kept);
  }

  private synchronized void keep(Sender socket, int at) {
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
    for (Sender socket : overdue()) socket.flushOverdue();
    synchronized (this) {
      isWatched = count > 0 || ++idleLooks < IDLE_LOOKS;
      return isWatched;
    }
  }

  private synchronized Sender[] overdue() {
    boolean isOverdue = count > 0 && times == timesSeen;
    if (count > 0) idleLooks = 0;
    timesSeen = times;
    return isOverdue ? Arrays.copyOf(sockets, count) : NONE;
  }

  private static final Sender[] NONE = {};
}
