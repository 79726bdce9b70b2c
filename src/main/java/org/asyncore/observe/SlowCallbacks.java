package org.asyncore.observe;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.asyncore.Callback;
import org.asyncore.Dispatcher;
import org.asyncore.LoopObserver;

/**
 * Warns of callbacks that hold their loop up, on the {@code System.Logger} named {@code
 * org.asyncore}: asyncio's debug mode and its {@code slow_callback_duration}. One line a callback,
 * after it has returned; there is no limit on how many.
 *
 * <p>A callback that runs a loop of its own takes as long as that loop. Safe from any thread, for
 * any number of maps.
 */
public final class SlowCallbacks implements LoopObserver {
  /** How long a callback may take unless set: asyncio's 0.1 s. */
  public static final Duration DEFAULT_LIMIT = Duration.ofMillis(100);

  private static final System.Logger LOGGER = System.getLogger("org.asyncore");
  private static final double NANOS_PER_MILLI = 1e6;

  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  private final long limitNanos;

  /** Warns from {@link #DEFAULT_LIMIT} on. */
  public SlowCallbacks() {
    this(DEFAULT_LIMIT);
  }

  /**
   * Warns of callbacks that take as long as this, or longer.
   *
   * @param limit more than 0
   */
  public SlowCallbacks(Duration limit) {
    Objects.requireNonNull(limit, "limit is null");
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("limit <= 0: " + limit);
    }
    limitNanos = limit.compareTo(LONGEST) > 0 ? Long.MAX_VALUE : limit.toNanos();
  }

  @Override
  public void callbackEnded(Dispatcher dispatcher, Callback callback, long nanos) {
    if (nanos < limitNanos) return;
    LOGGER.log(
        Level.WARNING,
        () ->
            String.format(
                Locale.ROOT,
                "%s of %s took %.1f ms",
                Described.method(callback),
                Described.of(dispatcher),
                nanos / NANOS_PER_MILLI));
  }
}
