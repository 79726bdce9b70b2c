package org.asyncore.observe;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.concurrent.locks.LockSupport;
import org.asyncore.Callback;
import org.asyncore.Dispatcher;
import org.asyncore.LoopObserver;
import org.asyncore.SocketMap;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.OsException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why a loop takes all of a processor: a dispatcher that is called in pass after pass and
 * does nothing, so that its event never goes away. Says so once a dispatcher and reason, on the
 * {@code System.Logger} named {@code org.asyncore}, with the stack of the loop, and as the flight
 * recorder's event {@code org.asyncore.Spin} where there is a {@code jdk.jfr}.
 *
 * <p>Reasons: {@code writable()} is true and nothing is sent, as with asyncore's default; {@code
 * readable()} is true and nothing is received or accepted; a connection has ended and is not
 * closed; a listener finds no descriptor to accept with. Calls on a {@code socket()} past its
 * dispatcher count as doing something. Other faults that keep a loop busy are not recognised.
 *
 * <p>Safe from any thread, for any number of maps. Hosted dispatchers have no passes, and do not
 * spin.
 */
public final class SpinDoctor implements LoopObserver {
  /** How many passes in a row are a spin, unless set. */
  public static final int DEFAULT_PASSES = 1000;

  /** How long they have to last at least, unless set. */
  public static final Duration DEFAULT_WINDOW = Duration.ofMillis(250);

  /** The longest pause of a spinning pass. */
  public static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

  private static final System.Logger LOGGER = System.getLogger("org.asyncore");
  private static final boolean HAS_JFR = ModuleLayer.boot().findModule("jdk.jfr").isPresent();
  private static final double NANOS_PER_SECOND = 1e9;

  private final Streak.Limits limits;
  private final long pauseNanos;
  private final Map<SocketMap, SpinDetector> watches = new WeakHashMap<>();

  /** The one that was asked for last, as a rule the one that is asked for next. */
  private volatile @Nullable SpinDetector last;

  /** Reports after {@link #DEFAULT_PASSES} that last {@link #DEFAULT_WINDOW}; throttles nothing. */
  public SpinDoctor() {
    this(DEFAULT_PASSES, DEFAULT_WINDOW, Duration.ZERO);
  }

  /**
   * A doctor with limits of one's own.
   *
   * @param passes how many in a row at least, from 1 on
   * @param window how long they last at least; may be zero
   * @param pause how long each pass pauses in which a spin goes on and nobody does anything, zero
   *     for not at all; what happens meanwhile waits for its end, as do other threads that call the
   *     map's sockets; {@link #LONGEST_PAUSE} at most
   */
  public SpinDoctor(int passes, Duration window, Duration pause) {
    if (passes < 1) throw new IllegalArgumentException("passes < 1: " + passes);
    Objects.requireNonNull(window, "window is null");
    if (window.isNegative()) throw new IllegalArgumentException("window < 0: " + window);
    Objects.requireNonNull(pause, "pause is null");
    if (pause.isNegative() || pause.compareTo(LONGEST_PAUSE) > 0) {
      throw new IllegalArgumentException("pause is not from 0 to 100 ms: " + pause);
    }
    boolean isLonger = window.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0;
    limits = new Streak.Limits(passes, isLonger ? Long.MAX_VALUE : window.toNanos());
    pauseNanos = pause.toNanos();
  }

  Streak.Limits limits() {
    return limits;
  }

  void pause() {
    if (pauseNanos > 0) LockSupport.parkNanos(this, pauseNanos);
  }

  void report(Dispatcher dispatcher, int number, SpinReason reason, Streak streak, long now) {
    String text =
        String.format(
            Locale.ROOT,
            "%s spins, called in %d passes in a row, %.2f s: %s (docs/observing.md#spins)",
            Described.of(dispatcher, number),
            streak.passes(),
            streak.lastedNanos(now) / NANOS_PER_SECOND,
            reason.describe(dispatcher.getClass()));
    LOGGER.log(Level.WARNING, text, new Throwable("the loop that calls it"));
    if (HAS_JFR) SpinEvent.write(dispatcher.getClass(), number, reason, text);
  }

  private SpinDetector watch(SocketMap map) {
    SpinDetector known = last;
    if (known != null && known.isOf(map)) return known;
    synchronized (watches) {
      known = watches.computeIfAbsent(map, made -> new SpinDetector(made, this));
    }
    last = known;
    return known;
  }

  @Override
  public void passStarted(SocketMap map, int depth) {
    watch(map).passStarted();
  }

  /** Only while somebody may be spinning: a look at the clock is much of what this costs. */
  @Override
  public boolean wantsWaits(SocketMap map) {
    return watch(map).wantsWaits();
  }

  @Override
  public void waited(SocketMap map, int interested, int ready, long waitNanos) {
    watch(map).waited(waitNanos);
  }

  @Override
  public void passEnded(SocketMap map) {
    watch(map).passEnded();
  }

  @Override
  public boolean wantsDurations() {
    return false;
  }

  @Override
  public void callbackStarted(Dispatcher dispatcher, Callback callback) {
    watch(dispatcher.map()).callbackStarted(dispatcher);
  }

  @Override
  public void callbackEnded(Dispatcher dispatcher, Callback callback, long nanos) {
    watch(dispatcher.map()).callbackEnded(dispatcher, callback);
  }

  @Override
  public void received(Dispatcher dispatcher, int byteCount, int room) {
    if (byteCount > 0) watch(dispatcher.map()).acted(dispatcher);
    else watch(dispatcher.map()).ended();
  }

  @Override
  public void sent(Dispatcher dispatcher, int byteCount, int offered) {
    if (offered > 0) watch(dispatcher.map()).acted(dispatcher);
    else watch(dispatcher.map()).usedInVain();
  }

  @Override
  public void accepted(Dispatcher listener, Accepted connection) {
    watch(listener.map()).acted(listener);
  }

  @Override
  public void acceptFailed(Dispatcher listener, OsException error) {
    watch(listener.map()).acceptFailed(error.errno());
  }

  @Override
  public void opened(Dispatcher dispatcher) {
    watch(dispatcher.map()).acted(dispatcher);
  }

  @Override
  public void closed(Dispatcher dispatcher) {
    watch(dispatcher.map()).acted(dispatcher);
  }
}
