package org.asyncore.limits;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.asyncore.AcceptPolicy;
import org.asyncore.Dispatcher;
import org.asyncore.internal.AcceptBackOff;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.Activity;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.jspecify.annotations.Nullable;

/**
 * Limits of a listening dispatcher, and a way through times in which the system has no descriptors
 * left:
 *
 * <pre>{@code
 * AcceptLimits.of(listener).maxConnections(10_000).acceptsPerPass(64);
 * }</pre>
 *
 * <pre>
 * accept() finds                       asyncore                 with AcceptLimits
 * EMFILE, ENFILE, ENOBUFS, ENOMEM      handleError, whose       no accept for 5 ms, then twice as
 * and whatever else may pass           default closes it        long each time, up to 1 s; one line
 *                                                               in the log for the whole episode
 * ECONNABORTED, EAGAIN                 null                     null
 * EBADF, EINVAL, ENOTSOCK, EFAULT      handleError              handleError
 * more than maxConnections are open    accepts                  leaves them in the backlog, or
 *                                                               accepts and closes: refusing(true)
 * </pre>
 *
 * <p>A connection counts from its accept until it is closed, whoever has it then: a dispatcher,
 * with handlers in front or without, a native handler it has migrated to, or nobody but a last
 * piece that its peer does not take.
 *
 * <p>Settings may change at any time, on the thread inside {@code loop} or before it. What asks how
 * many are open is safe from any thread.
 */
public final class AcceptLimits implements AcceptPolicy {
  /** {@link #maxConnections()} unless set. */
  public static final int NO_LIMIT = Integer.MAX_VALUE;

  private final Dispatcher listener;
  private final AcceptBackOff backOff;
  private final AtomicInteger open = new AtomicInteger();
  private volatile int maxConnections = NO_LIMIT;
  private int acceptsPerPass = 1;
  private boolean refusing;
  private final AtomicLong refused = new AtomicLong();

  /** Whether the accept before gave a connection: there may be another one. */
  private boolean accepted;

  private AcceptLimits(Dispatcher listener) {
    this.listener = listener;
    backOff = new AcceptBackOff(listener.map()::nanoTime);
  }

  /**
   * The limits of a dispatcher that listens or is going to: without any number yet, but with the
   * backing off. The same ones whenever it is asked.
   */
  public static AcceptLimits of(Dispatcher listener) {
    Objects.requireNonNull(listener, "listener is null");
    AcceptPolicy before = listener.acceptPolicy();
    if (before instanceof AcceptLimits known) return known;
    if (before != null) throw new IllegalStateException("another accept policy: " + before);
    if (listener.connected() || listener.connecting()) {
      throw new IllegalStateException("accept limits of a connection: " + listener);
    }
    AcceptLimits limits = new AcceptLimits(listener);
    listener.acceptPolicy(limits);
    return limits;
  }

  // --- the limits ---

  /** How many accepted connections may be open at a time. */
  public int maxConnections() {
    return maxConnections;
  }

  /**
   * Sets {@link #maxConnections()}. Those that are open stay.
   *
   * @param count from 1 on; {@link #NO_LIMIT} for any number
   */
  public AcceptLimits maxConnections(int count) {
    if (count < 1) throw new IllegalArgumentException("maxConnections < 1: " + count);
    if (listener.socket() != null) needConnections(listener.socket());
    maxConnections = count;
    wake();
    return this;
  }

  /** How often a pass calls {@code handleAccept} while connections wait. */
  public int acceptsPerPass() {
    return acceptsPerPass;
  }

  /**
   * Sets {@link #acceptsPerPass()}: 1 at first, as in asyncore. More of them get through a full
   * backlog faster, and keep the other dispatchers waiting as long.
   *
   * @param count from 1 on
   */
  public AcceptLimits acceptsPerPass(int count) {
    if (count < 1) throw new IllegalArgumentException("acceptsPerPass < 1: " + count);
    acceptsPerPass = count;
    return this;
  }

  /** Whether connections over the limit are accepted and closed. */
  public boolean refusing() {
    return refusing;
  }

  /**
   * Sets {@link #refusing()}: false at first, so that they wait in the backlog, and their peers
   * with them. True tells the peers at once; {@code accept} gives null for each.
   */
  public AcceptLimits refusing(boolean refusing) {
    this.refusing = refusing;
    wake();
    return this;
  }

  // --- what there is ---

  /** How many connections are open of those that were accepted since {@link #of}. */
  public int openConnections() {
    return open.get();
  }

  /** How many connections were accepted only to be closed. */
  public long refusedConnections() {
    return refused.get();
  }

  private boolean isFull() {
    return open.get() >= maxConnections;
  }

  // --- accepting ---

  @Override
  public boolean accepts() {
    return backOff.isOver() && (refusing || !isFull());
  }

  @Override
  public void handleReadEvent(Dispatcher listener) {
    for (int left = acceptsPerPass; left > 0; left--) {
      accepted = false;
      listener.handleAccept();
      if (!accepted || !listener.accepting() || !accepts()) return;
    }
  }

  @Override
  public @Nullable Accepted accept(AsyncSocket listening) {
    accepted = false;
    if (!accepts()) return null;
    Accepted pair = listening.accept();
    backOff.accepted();
    accepted = true;
    if (isFull()) {
      refused.incrementAndGet();
      pair.socket().close();
      return null;
    }
    count(pair.socket());
    return pair;
  }

  @Override
  public boolean acceptFailed(OsException error) {
    if (error.errno() == Errno.EAGAIN || error.errno() == Errno.ECONNABORTED) return true;
    if (isOfTheCall(error.errno())) return false;
    Duration delay = Duration.ofNanos(backOff.failed(listener, error));
    listener.map().callLater(delay, this::wake);
    return true;
  }

  /** Errors that no waiting mends. */
  private static boolean isOfTheCall(Errno errno) {
    return switch (errno) {
      case EBADF, EINVAL, ENOTSOCK, EFAULT -> true;
      default -> false;
    };
  }

  private void count(AsyncSocket socket) {
    if (socket instanceof Activity.Connection connection) {
      open.incrementAndGet();
      connection.whenOver(this::closed);
    } else if (maxConnections != NO_LIMIT) {
      socket.close();
      needConnections(socket);
    }
  }

  private static void needConnections(AsyncSocket socket) {
    if (socket instanceof Activity.Connection) return;
    throw new IllegalStateException(
        "maxConnections of a listener whose connections do not tell of their end: transport "
            + socket.transport().name());
  }

  /** On whatever thread the connection came to its end. */
  private void closed() {
    if (open.getAndDecrement() >= maxConnections) wake();
  }

  /** Has the loop ask again whether it accepts. */
  private void wake() {
    if (listener.accepting()) listener.interestChanged();
  }
}
