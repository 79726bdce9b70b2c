package org.asyncore.netty.socket;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.asyncore.internal.Background;

/**
 * Sees to it that what a callback has sent leaves within about two milliseconds, also if the
 * callback waits for something meanwhile: perhaps for its answer.
 *
 * <p>One daemon thread for the process, which begins with the first send that is held back, and
 * sleeps for as long as there are none.
 */
final class SendWatch {
  private static final long LOOK_NANOS = 1_000_000;

  private static final Queue<HeldSends> NEW = new ConcurrentLinkedQueue<>();
  private static final Thread THREAD = Background.daemon(SendWatch::run, "asyncore-held-sends");

  static {
    THREAD.start();
  }

  private SendWatch() {}

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
