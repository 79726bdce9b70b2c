package org.asyncore.testkit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The other threads of a program, one task at a time, in turn with the loop: so that two runs are
 * the same. What a task throws, and a call of its on a socket, fails the test.
 */
final class Elsewhere implements Executor {
  private final TestLoop loop;

  /** How long a task may take. */
  private final Duration limit;

  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private @Nullable Throwable failure;

  Elsewhere(TestLoop loop, Duration limit) {
    this.loop = loop;
    this.limit = limit;
  }

  @Override
  public synchronized void execute(Runnable task) {
    if (task == null) throw new NullPointerException("task is null");
    tasks.add(task);
    loop.network().wakeup();
  }

  synchronized boolean isBusy() {
    return !tasks.isEmpty();
  }

  private synchronized @Nullable Runnable next() {
    return tasks.poll();
  }

  /** Runs the next one on another thread, and waits for it. */
  void runNext() {
    Runnable task = next();
    if (task == null) return;
    Thread thread = new Thread(() -> run(task), "testkit-elsewhere");
    thread.setDaemon(true);
    loop.network().guard(Thread.currentThread());
    thread.start();
    try {
      thread.join(limit.toMillis());
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while a task ran elsewhere", e);
    } finally {
      loop.network().guard(null);
    }
    if (!thread.isAlive()) return;
    throw loop.failure("a task elsewhere is not over after " + Texts.seconds(limit.toNanos()));
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error thrown) {
      synchronized (this) {
        failure = thrown;
      }
    }
  }

  void throwFailure() {
    Throwable thrown;
    synchronized (this) {
      thrown = failure;
      failure = null;
    }
    String call = loop.network().takeForeignCall();
    if (call != null) {
      throw loop.failure(
          call
              + " on another thread than the loop's: hand it to map.execute(), or to execute() of"
              + " the LoopThread");
    }
    if (thrown != null) {
      AssertionError failed = loop.failure("a task elsewhere threw " + thrown);
      failed.initCause(thrown);
      throw failed;
    }
  }

  synchronized void close() {
    tasks.clear();
  }
}
