package org.asyncore.observe;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.asyncore.Callback;
import org.asyncore.Dispatcher;
import org.asyncore.LoopObserver;

/**
 * Logs what callbacks throw, each with its whole stack trace, the dispatcher, and the callback that
 * threw. What asyncore prints of it, one line by {@code handleError} unless a class overrides that,
 * stays as it is.
 *
 * <pre>
 * ERROR handleReadEvent of org.example.Session (number 7 /127.0.0.1:4711) threw
 * java.lang.IllegalStateException: ..
 * </pre>
 *
 * <p>A fault that comes again and again is logged {@value #MOST} times a minute for each class of
 * dispatcher and of exception; the next line after that says how many were left out.
 *
 * <p>Safe from any thread, for any number of maps.
 */
public final class ErrorLog implements LoopObserver {
  private static final int MOST = 10;
  private static final long MINUTE_NANOS = 60_000_000_000L;

  /** What ended last on a thread: {@link #failed} comes next. */
  private static final ThreadLocal<Callback> ENDED = new ThreadLocal<>();

  /** What counts as the same fault. */
  private record Fault(Class<?> dispatcher, Class<?> thrown) {}

  private final Map<Fault, Minute> minutes = new ConcurrentHashMap<>();

  private final System.Logger logger;
  private final LongSupplier nanoTime;

  /** Logs to the {@link System.Logger} {@code org.asyncore}. */
  public ErrorLog() {
    this(System.getLogger("org.asyncore"));
  }

  /** Logs to a logger of yours, at {@code ERROR}. */
  public ErrorLog(System.Logger logger) {
    this(logger, System::nanoTime);
  }

  ErrorLog(System.Logger logger, LongSupplier nanoTime) {
    Objects.requireNonNull(logger, "logger is null");
    this.logger = logger;
    this.nanoTime = nanoTime;
  }

  @Override
  public boolean wantsDurations() {
    return false;
  }

  @Override
  public void callbackEnded(Dispatcher dispatcher, Callback callback, long nanos) {
    ENDED.set(callback);
  }

  @Override
  public void failed(Dispatcher dispatcher, Throwable thrown) {
    Fault fault = new Fault(dispatcher.getClass(), thrown.getClass());
    Minute minute = minutes.computeIfAbsent(fault, first -> new Minute(nanoTime.getAsLong()));
    long leftOut = minute.next(nanoTime.getAsLong());
    if (leftOut < 0) return;
    String text = phase() + " of " + Described.of(dispatcher) + " threw";
    if (leftOut > 0) text += "; " + leftOut + " like it were left out";
    logger.log(System.Logger.Level.ERROR, text, thrown);
  }

  private String phase() {
    Callback callback = ENDED.get();
    return callback == null ? "a call" : Described.method(callback);
  }

  /** How often a fault came in the minute under way. */
  private static final class Minute {
    private long startNanos;
    private int count;
    private long leftOut;

    Minute(long startNanos) {
      this.startNanos = startNanos;
    }

    /** How many were left out before this one, which is to be logged; -1 if it is left out. */
    synchronized long next(long nowNanos) {
      if (nowNanos - startNanos >= MINUTE_NANOS) {
        startNanos = nowNanos;
        count = 0;
      }
      if (count >= MOST) {
        leftOut++;
        return -1;
      }
      count++;
      long before = leftOut;
      leftOut = 0;
      return before;
    }
  }
}
