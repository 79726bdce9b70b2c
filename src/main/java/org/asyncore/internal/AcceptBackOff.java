package org.asyncore.internal;

import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.asyncore.transport.OsException;
import org.jspecify.annotations.Nullable;

/**
 * When a listener may try again after {@code accept} failed; asyncore and Netty have nothing like
 * it (Netty waits one second). The wait doubles with each failure and begins anew with a
 * connection. An episode ends when {@link #LONGEST_NANOS} passed without a failure, and has one
 * line in the log, though accepts may succeed now and then in the course of it.
 *
 * <p>Confined to the thread that loops the listener's map. It waits for nothing itself.
 */
public final class AcceptBackOff {
  /** How long to wait after the first failure: 5 ms. */
  public static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** How long to wait at most: 1 s. */
  public static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Got before there is need: to set up logging may take descriptors. */
  private static final System.Logger LOGGER = System.getLogger("org.asyncore");

  private final LongSupplier nanoTime;

  /** 0 while nothing has failed since the last connection. */
  private long delayNanos;

  private long retryAt;
  private boolean hasFailed;

  /** The episode's line, until it is logged. */
  private @Nullable String owed;

  private long quietAt;

  /**
   * Of one listener; make it while there are descriptors, as logging takes some at first.
   *
   * @param nanoTime the time that its map goes by
   */
  public AcceptBackOff(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    if (!LOGGER.isLoggable(System.Logger.Level.WARNING)) return;
    // A line that is logged has a date, whose rules and names are in files: read them now.
    Escapes.oneLine(String.format("%tc\n", ZonedDateTime.now(ZoneId.systemDefault())));
  }

  /** Whether the wait is over, or none was due. */
  public boolean isOver() {
    return delayNanos == 0 || nanoTime.getAsLong() - retryAt >= 0;
  }

  /** A connection was accepted. */
  public void accepted() {
    delayNanos = 0;
    if (owed != null) warn();
  }

  /** {@code accept} failed; gives how long to wait, in nanoseconds. */
  public long failed(Object listener, OsException error) {
    long now = nanoTime.getAsLong();
    if (!hasFailed || now - quietAt >= 0) owed = text(listener, error);
    delayNanos = delayNanos == 0 ? FIRST_NANOS : Math.min(2 * delayNanos, LONGEST_NANOS);
    retryAt = now + delayNanos;
    hasFailed = true;
    quietAt = retryAt + LONGEST_NANOS;
    if (owed != null) warn();
    return delayNanos;
  }

  private static String text(Object listener, OsException error) {
    String self;
    try {
      self = listener.toString();
    } catch (RuntimeException broken) { // A subclass's text form may crash; the line is still due.
      self = listener.getClass().getName();
    }
    return Escapes.oneLine(
        "accept of "
            + self
            + " failed, and is tried again less and less often, at least once a second: "
            + error.getMessage());
  }

  private void warn() {
    try {
      LOGGER.log(System.Logger.Level.WARNING, owed);
      owed = null;
    } catch (RuntimeException | Error noDescriptor) {
      if (noDescriptor instanceof VirtualMachineError fatal) throw fatal;
      // A logger that opens files has none to open, either: the line is owed until it has.
    }
  }
}
