package org.asyncore;

import java.time.Duration;
import java.util.Objects;

/**
 * Has loops stop gently when the process is told to end: by SIGTERM, Ctrl-C or {@code System.exit}.
 * Listeners close, dispatchers are told by {@code handleStop}, and the JVM waits until their
 * connections are done or the time is over. It is a shutdown hook that ends by itself: other hooks,
 * such as the one that writes a flight recording, run beside it and to their end.
 *
 * <p>The process has the status that it would have had: 143 after SIGTERM, 130 after Ctrl-C. A
 * supervisor that takes 143 for a failure is told otherwise, as systemd is by {@code
 * SuccessExitStatus=143}.
 *
 * <p>While the JVM ends, a thread {@code asyncore-exit} waits for the loops. Safe from any thread.
 */
public final class StopAtExit implements AutoCloseable {
  /** What a loop that had to be cut off may take to end. */
  private static final Duration CUT_OFF = Duration.ofSeconds(1);

  /** {@code join} of a group or of a loop. */
  private interface Join {
    boolean join(Duration limit) throws InterruptedException;
  }

  private final Thread hook = new Thread(this::run, "asyncore-exit");
  private final Runnable stop;
  private final Join join;
  private final Duration limit;

  private StopAtExit(Duration drain, Runnable stop, Join join) {
    Objects.requireNonNull(drain, "drain is null");
    if (drain.isNegative()) throw new IllegalArgumentException("drain < 0: " + drain);
    this.stop = stop;
    this.join = join;
    limit = drain.plus(CUT_OFF);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * For a group of loops.
   *
   * @param drain how long connections may go on: the {@code drain} of {@link LoopGroup#stop}
   * @throws IllegalStateException if the process is ending already
   */
  public static StopAtExit of(LoopGroup loops, Duration drain) {
    Objects.requireNonNull(loops, "loops is null");
    return new StopAtExit(drain, () -> loops.stop(drain), loops::join);
  }

  /**
   * For one loop.
   *
   * @param drain how long connections may go on: the {@code drain} of {@link LoopThread#stop}
   * @throws IllegalStateException if the process is ending already
   */
  public static StopAtExit of(LoopThread loop, Duration drain) {
    Objects.requireNonNull(loop, "loop is null");
    return new StopAtExit(drain, () -> loop.stop(drain), loop::join);
  }

  private void run() {
    stop.run();
    try {
      if (!join.join(limit)) warn("a callback did not return in time");
    } catch (InterruptedException impatient) {
      warn("somebody interrupted the wait for it");
    }
  }

  private static void warn(String reason) {
    System.getLogger("org.asyncore")
        .log(System.Logger.Level.WARNING, "a loop is cut off by the end of the process: " + reason);
  }

  /** The process may end at once again; too late, once it is ending. */
  @Override
  public void close() {
    if (Thread.currentThread() == hook) return;
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // Then the hook runs, and waits for loops that have ended: not at all.
    }
  }
}
