package org.asyncore.compat.process;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Tells when a scenario is not over in time, and where it stood. */
public final class Watchdog {
  /** As long as record.py gives one. */
  public static final int SECONDS = 40;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "compat-watchdog");
            thread.setDaemon(true);
            return thread;
          });
  private final Supplier<String> standing;
  private final Consumer<String> bark;
  private ScheduledFuture<?> alarm;

  /** {@code bark} gets, on another thread, what {@code standing} says and the stack. */
  public Watchdog(Supplier<String> standing, Consumer<String> bark) {
    this.standing = standing;
    this.bark = bark;
  }

  /** A scenario begins, on this thread. */
  public void begin() {
    Thread player = Thread.currentThread();
    alarm = timer.schedule(() -> expired(player), SECONDS, TimeUnit.SECONDS);
  }

  /** It is over. */
  public void end() {
    alarm.cancel(false);
  }

  private void expired(Thread player) {
    StringBuilder text = new StringBuilder("not over after " + SECONDS + " s, at ");
    text.append(standing.get());
    for (StackTraceElement frame : player.getStackTrace()) text.append("\n\tat ").append(frame);
    bark.accept(text.toString());
  }

  static String stackOf(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
