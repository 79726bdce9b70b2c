package org.asyncore.limits;

import java.time.Duration;
import java.util.function.Consumer;
import org.asyncore.Callbacks;
import org.asyncore.Dispatcher;
import org.asyncore.ScheduledCall;
import org.asyncore.limits.TimedOutException.Kind;
import org.asyncore.transport.Activity;

/** One timeout of a dispatcher's connection. Confined to the thread that serves the dispatcher. */
final class Expiry {
  private static final long FOREVER = Long.MAX_VALUE;
  private static final long SHORTEST = 1_000_000;

  private final Dispatcher dispatcher;
  private final Activity activity;
  private final Kind kind;
  private final Duration limit;
  private final Consumer<? super TimedOutException> action;

  @SuppressWarnings("NullAway.Init") // Begun as soon as it is made.
  private ScheduledCall call;

  /** When it struck, for what had begun when; both count only from the first time on. */
  private boolean hasStruck;

  private long struckAt;
  private long struckFor;

  Expiry(
      Dispatcher dispatcher,
      Activity activity,
      Kind kind,
      Duration limit,
      Consumer<? super TimedOutException> action) {
    this.dispatcher = dispatcher;
    this.activity = activity;
    this.kind = kind;
    this.limit = limit;
    this.action = action;
  }

  void begin() {
    call = Callbacks.deadline(dispatcher, this::untilNanos, this::strike);
  }

  void end() {
    call.cancel();
  }

  long limitNanos() {
    return Math.max(SHORTEST, limit.toNanos());
  }

  private long untilNanos() {
    if (!activity.isOf(dispatcher.socket())) return FOREVER;
    if (kind == Kind.CONNECT && activity.isUp()) return FOREVER;
    boolean isTold = hasStruck && isToldOnce() && since() == struckFor;
    return isTold ? limitNanos() : leftNanos();
  }

  private boolean isToldOnce() {
    return kind == Kind.CONNECT || kind == Kind.WRITE;
  }

  /** How long until as much time has passed as may, of itself and since it struck. */
  long leftNanos() {
    long since = hasStruck ? Math.max(since(), struckAt) : since();
    return limitNanos() - (activity.nowNanos() - since);
  }

  private long since() {
    return switch (kind) {
      case CONNECT -> activity.unansweredSince();
      case IDLE -> activity.idleSince();
      case READ -> activity.silentSince();
      case WRITE -> activity.waitingSince();
    };
  }

  private void strike() {
    struckFor = since();
    struckAt = activity.nowNanos();
    hasStruck = true;
    boolean isThere = dispatcher.fileno() >= 0; // Else it hears of the next one.
    if (isThere) action.accept(new TimedOutException(kind, limit));
  }
}
