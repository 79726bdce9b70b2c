package org.asyncore.faults;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What runs an event loop of Netty's own. */
interface Drive {
  EventLoopGroup loop();

  /**
   * A turn: whatever was ready before it is done after it.
   *
   * @param first runs before it, on the loop's thread
   */
  void turn(long waitMillis, Runnable first);

  void close();

  /** The thread of the test, so that a seed plays the same each time. */
  final class ByHand implements Drive {
    private final ManualIoEventLoop loop;

    ByHand(IoHandlerFactory factory) {
      loop = new ManualIoEventLoop(Thread.currentThread(), factory);
    }

    @Override
    public EventLoopGroup loop() {
      return loop;
    }

    @Override
    public void turn(long waitMillis, Runnable first) {
      first.run();
      if (waitMillis == 0) loop.runNow();
      else loop.run(TimeUnit.MILLISECONDS.toNanos(waitMillis));
    }

    @Override
    public void close() {
      loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      while (!loop.isTerminated()) loop.runNow();
    }
  }

  /** A thread of the loop's own, which also runs while the peer acts. */
  final class ByThread implements Drive {
    private static final long LIMIT_SECONDS = 30;

    private final EventLoopGroup loop;
    private Thread thread;

    ByThread(IoHandlerFactory factory) {
      loop = new MultiThreadIoEventLoopGroup(1, this::newThread, factory);
      turn(0, () -> {}); // From here on there is a thread.
    }

    private Thread newThread(Runnable body) {
      thread = new Thread(body, "faults-hosted");
      thread.setDaemon(true);
      return thread;
    }

    @Override
    public EventLoopGroup loop() {
      return loop;
    }

    /** The loop looks at its channels before it comes to this. */
    @Override
    public void turn(long waitMillis, Runnable first) {
      try {
        loop.execute(first);
        loop.schedule(() -> {}, waitMillis, TimeUnit.MILLISECONDS)
            .get(LIMIT_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException | ExecutionException | TimeoutException e) {
        throw new AssertionError("the event loop makes no turn", e);
      }
    }

    @Override
    public void close() {
      loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      try {
        thread.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted while the event loop ended", e);
      }
    }
  }
}
