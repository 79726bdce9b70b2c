package org.asyncore.limits;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.asyncore.Callbacks;
import org.asyncore.Dispatcher;
import org.asyncore.limits.TimedOutException.Kind;
import org.asyncore.transport.Activity;
import org.asyncore.transport.AsyncSocket;

/**
 * Timeouts of a dispatcher's connection:
 *
 * <pre>{@code
 * Timeouts.of(dispatcher).idle(Duration.ofMinutes(5)).write(Duration.ofSeconds(30));
 * }</pre>
 *
 * <pre>
 * connect   from connect(), or from now on if that was called, until the connection is up
 * idle      since something was received, or something sent got on its way into the kernel
 * read      since something was received; not while the dispatcher itself does not read on
 * write     since a piece was sent, 64 KiB at most, until all of it is in the kernel; or since the
 *           kernel has no room for what the dispatcher wants to send
 * </pre>
 *
 * <p>Then {@code handleError} gets a {@link TimedOutException}, as a callback of the next pass. Its
 * default logs a line and closes. Whoever wants something else, such as a quiet end or a last word,
 * says so: {@code idle(limit, late -> handleClose())}. A dispatcher that stays open is told again
 * when as much time has passed once more; of a connect once. A closed one is never told. Where it
 * lingers, because its peer does not take its last bytes, the channel is closed for good.
 *
 * <p>The loop's wait ends for a timeout, and for nothing before it; a loop over an empty map
 * returns whatever timeouts there are. In a pipeline of one's own, behind a {@code
 * DispatcherHandler}, it is all the same.
 *
 * <p>They are calls of the loop, as those of {@code callLater}, and change nothing else: but {@code
 * cancelCalls()} does not cancel them. They belong to the connection: after {@code createSocket}
 * there are none. A connection that migrates takes them along, as Netty's own handlers: they tell
 * by an {@code IdleStateEvent}, or a {@code WriteTimeoutException} and the end.
 *
 * <p>For the thread inside {@code loop}, or before it; for a hosted dispatcher its event loop.
 */
public final class Timeouts {
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private final Dispatcher dispatcher;

  private Timeouts(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  /**
   * The timeouts of a dispatcher's connection, which may be up, under way or not begun: none, until
   * they are set.
   *
   * @throws IllegalStateException if it has no open socket, or listens
   */
  public static Timeouts of(Dispatcher dispatcher) {
    Objects.requireNonNull(dispatcher, "dispatcher is null");
    if (dispatcher.accepting()) {
      throw new IllegalStateException("timeouts of a listening dispatcher: " + dispatcher);
    }
    Timeouts timeouts = new Timeouts(dispatcher);
    timeouts.needSocket();
    return timeouts;
  }

  /** As {@link #connect(Duration, Consumer)}, with {@code handleError}. */
  public Timeouts connect(Duration limit) {
    return connect(limit, thrown -> Callbacks.found(dispatcher, thrown));
  }

  /**
   * Sets the time in which the connection has to be up. One that is, is left alone.
   *
   * @param limit from 1 ms on; shorter ones count as that
   */
  public Timeouts connect(Duration limit, Consumer<? super TimedOutException> action) {
    return set(Kind.CONNECT, limit, action);
  }

  /** As {@link #idle(Duration, Consumer)}, with {@code handleError}. */
  public Timeouts idle(Duration limit) {
    return idle(limit, thrown -> Callbacks.found(dispatcher, thrown));
  }

  /**
   * Sets how long nothing may happen on the connection.
   *
   * @param limit from 1 ms on; shorter ones count as that
   */
  public Timeouts idle(Duration limit, Consumer<? super TimedOutException> action) {
    return set(Kind.IDLE, limit, action);
  }

  /** As {@link #read(Duration, Consumer)}, with {@code handleError}. */
  public Timeouts read(Duration limit) {
    return read(limit, thrown -> Callbacks.found(dispatcher, thrown));
  }

  /**
   * Sets how long the peer may send nothing.
   *
   * @param limit from 1 ms on; shorter ones count as that
   */
  public Timeouts read(Duration limit, Consumer<? super TimedOutException> action) {
    return set(Kind.READ, limit, action);
  }

  /** As {@link #write(Duration, Consumer)}, with {@code handleError}. */
  public Timeouts write(Duration limit) {
    return write(limit, thrown -> Callbacks.found(dispatcher, thrown));
  }

  /**
   * Sets how long the peer may leave what it is sent. A slow one has to take 64 KiB in that time.
   *
   * @param limit from 1 ms on; shorter ones count as that
   */
  public Timeouts write(Duration limit, Consumer<? super TimedOutException> action) {
    return set(Kind.WRITE, limit, action);
  }

  /** Takes all of them away. */
  public void clear() {
    Expiries.of(Activity.of(needSocket())).clear();
  }

  private AsyncSocket needSocket() {
    AsyncSocket socket = dispatcher.socket();
    if (socket == null) throw new IllegalStateException("timeouts without a socket: " + dispatcher);
    if (socket.fileno() >= 0) return socket;
    throw new IllegalStateException("timeouts of a closed dispatcher: " + dispatcher);
  }

  private Timeouts set(Kind kind, Duration limit, Consumer<? super TimedOutException> action) {
    String name = kind.name().toLowerCase(Locale.ROOT);
    Objects.requireNonNull(limit, () -> name + " is null");
    Objects.requireNonNull(action, "action is null");
    if (limit.isZero() || limit.isNegative()) {
      throw new IllegalArgumentException(name + " <= 0: " + limit);
    }
    if (limit.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + " > " + LONGEST + ": " + limit);
    }
    Activity activity = Activity.of(needSocket());
    if (kind == Kind.CONNECT && dispatcher.connecting()) activity.connects();
    Expiries.of(activity).set(kind, new Expiry(dispatcher, activity, kind, limit, action));
    return this;
  }
}
