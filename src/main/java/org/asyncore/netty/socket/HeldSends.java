package org.asyncore.netty.socket;

import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.asyncore.internal.Background;

/**
 * Those of one loop whose callbacks have sent something that is to leave after them. A callback
 * that does not come to its end holds it back no longer than {@link Watch} lets it.
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
    /**
     * Is held no more: hands it to the kernel, as far as that has room; for the loop's thread.
     * Until then it is not added again.
     */
    void leave();

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

  /** How many were looked at and kept: the first ones. */
  private int looked;

  /** How often something was held that was not before. Guarded by this, as are the next ones. */
  private long times;

  private boolean isWatched;
  private long timesSeen;
  private int idleLooks;

  public boolean isEmpty() {
    return count == 0;
  }

  /** How many hold something back. */
  public int count() {
    return count;
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
    if (watch) Watch.watch(this);
  }

  public void flushAll() {
    flush(null);
  }

  /** Flushes all but those that this pass may leave waiting; null for one that leaves none. */
  public void flush(NettyPollster pass) {
    flush(pass, 0);
  }

  /** As {@link #flush}, but only those that were added since either was called. */
  void flushNew(NettyPollster pass) {
    flush(pass, looked);
  }

  private void flush(NettyPollster pass, int from) {
    if (count == from) return;
    int kept = from;
    for (int i = from; i < count; i++) {
      Sender socket = sockets[i];
      if (socket.holdsBack(pass)) keep(socket, kept++);
      else socket.leave();
    }
    if (kept < count) forget(kept);
    looked = kept;
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

  /**
   * Sees to it that what a callback has sent leaves within about two milliseconds, also if the
   * callback waits for something meanwhile: perhaps for its answer.
   *
   * <p>One daemon thread for the process, which begins with the first send that is held back, and
   * sleeps for as long as there are none.
   */
  private static final class Watch {
    private static final long LOOK_NANOS = 1_000_000;

    private static final Queue<HeldSends> NEW = new ConcurrentLinkedQueue<>();
    private static final Thread THREAD = Background.daemon(Watch::run, "asyncore-held-sends");

    static {
      THREAD.start();
    }

    private Watch() {}

    /** Has it look at these until they are idle. From any thread. */
    static void watch(HeldSends held) {
      NEW.add(held);
      LockSupport.unpark(THREAD);
    }

    private static void run() {
      List<HeldSends> watched = new ArrayList<>();
      while (true) {
        for (HeldSends held; (held = NEW.poll()) != null; ) watched.add(held);
        if (watched.isEmpty()) LockSupport.park(NEW);
        else LockSupport.parkNanos(NEW, LOOK_NANOS);
        watched.removeIf(held -> !held.look());
      }
    }
  }

  /**
   * Whether a send leaves before its callback goes on, as the callback may wait for what the peer
   * makes of it: the first one of a pass does, unless its dispatcher sent more than once in the
   * pass in which it sent last. Then sends leave together, after the callbacks.
   *
   * <p>Guarded by whoever sends.
   */
  public static final class Pace {
    /** The pass in which something was sent last, and how often. */
    private int sentIn;

    private int sends;

    /** Whether more than once was sent in the pass before that one. */
    private boolean sendsMuch;

    /** Counts a send; says whether it is to leave at once. */
    public boolean leavesAtOnce(int pass) {
      if (pass != sentIn) {
        sendsMuch = sends > 1;
        sends = 0;
        sentIn = pass;
      }
      sends++;
      return sends == 1 && !sendsMuch;
    }
  }
}
