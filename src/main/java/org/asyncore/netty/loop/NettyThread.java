package org.asyncore.netty.loop;

import io.netty.util.concurrent.FastThreadLocalThread;
import org.asyncore.internal.LoopTransport;

/**
 * Has Netty treat the thread of an endless loop as it treats those of its own loops: it recycles
 * its objects and keeps buffers at hand, which it does not for threads that might be anybody's. At
 * the end of the loop what is in Netty's {@code FastThreadLocal}s of the thread is removed.
 */
public final class NettyThread {
  private static final String PROPERTY = "org.asyncore.fastThreadLocals";

  private NettyThread() {}

  /** Whether the current thread is neither one of Netty's nor treated so already. */
  public static boolean isDue() {
    return !FastThreadLocalThread.currentThreadHasFastThreadLocal()
        && !"false".equals(System.getProperty(PROPERTY));
  }

  public static void run(LoopTransport.Stay stay) throws InterruptedException {
    Outcome outcome = new Outcome(stay);
    FastThreadLocalThread.runWithFastThreadLocal(outcome);
    outcome.leave();
  }

  /** Brings an exception past Netty's Runnable. */
  private static final class Outcome implements Runnable {
    private final LoopTransport.Stay stay;
    private InterruptedException interrupted;

    Outcome(LoopTransport.Stay stay) {
      this.stay = stay;
    }

    @Override
    public void run() {
      try {
        stay.passes();
      } catch (InterruptedException left) {
        interrupted = left;
      }
    }

    void leave() throws InterruptedException {
      if (interrupted != null) throw interrupted;
    }
  }
}
