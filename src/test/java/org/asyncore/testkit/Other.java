package org.asyncore.testkit;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** A thread beside the test's own: what it does, and a bounded wait for its end. */
public final class Other<T> {
  private static final long LIMIT_SECONDS = 15;

  private final FutureTask<T> task;
  private final Thread thread;

  private Other(String name, Callable<T> work) {
    task = new FutureTask<>(work);
    thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Starts a thread. */
  public static <T> Other<T> thread(String name, Callable<T> work) {
    return new Other<>(name, work);
  }

  public Thread thread() {
    return thread;
  }

  public boolean isDone() {
    return task.isDone();
  }

  /** What the thread returned; what it threw comes as an AssertionError's cause. */
  public T result() {
    try {
      return task.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError(thread.getName() + " failed: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      AssertionError late =
          new AssertionError(thread.getName() + " is not done after " + LIMIT_SECONDS + " s");
      late.setStackTrace(thread.getStackTrace());
      throw late;
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting for " + thread.getName(), e);
    }
  }

  /** What the thread threw. */
  public Throwable failure() {
    try {
      T result = task.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      throw new AssertionError(thread.getName() + " threw nothing and returned " + result);
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (TimeoutException | InterruptedException e) {
      throw new AssertionError(thread.getName() + " is not done", e);
    }
  }

  /** Waits until the thread is somewhere inside a method of one of these names. */
  public Other<T> awaitIn(String... methods) {
    List<String> names = List.of(methods);
    await(
        () -> {
          for (StackTraceElement frame : thread.getStackTrace()) {
            if (names.contains(frame.getMethodName())) return true;
          }
          return false;
        },
        thread.getName() + " in one of " + names);
    return this;
  }

  /** Waits until {@code condition} holds, ten seconds at most. */
  public static void await(BooleanSupplier condition, String what) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > 10_000_000_000L) {
        throw new AssertionError("no " + what + " after 10 s");
      }
      Thread.onSpinWait();
    }
  }
}
