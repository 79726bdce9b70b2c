package org.asyncore.transport;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When something happened last on a connection, for those who limit how long nothing may. There is
 * one from the first time that it is asked for; other connections pay nothing.
 *
 * <p>Moments are those of a clock of nanoseconds. Written by whoever moves bytes; to be asked on
 * the thread that serves the connection.
 */
public final class Activity {
  /** What limits there are. All calls come from the thread that serves the connection. */
  public interface Limits {
    /** How long the rest of a closed connection may still be sent, in nanoseconds. */
    long lingerNanos();

    /** The socket is closed. */
    void closed();
  }

  /**
   * A stream socket that knows what happens on its connection. That of a transport whose sockets
   * are none has no limits.
   */
  public interface Connection {
    /** When something happened last on it. */
    Activity activity();

    /** Whether it is open, up or not: nobody has closed it, here or below. */
    boolean isOpen();

    /** Whether it is up. */
    boolean isUp();

    /** Whether a connect has succeeded or failed, though nobody may have found it yet. */
    boolean isAnswered();

    /** Whether its dispatcher reads on. */
    boolean isReading();

    /** Whether something has come that is not read yet. */
    boolean hasInput();

    /** Whether its dispatcher wants to send, and the kernel has no room. */
    boolean waitsForRoom();

    /** How many bytes of what waits for the kernel next are there already; 0 for none. */
    long writtenPart();

    /**
     * Has a call made when the connection is over, whoever has it then: at once if it is. On
     * whatever thread ends it.
     */
    void whenOver(Runnable call);
  }

  private final LongSupplier clock;
  private volatile Connection connection;
  private volatile long receivedNanos;
  private volatile long sentNanos;

  /**
   * Whether something that was sent is not in the kernel; since when that is so of its first part.
   */
  private volatile boolean waiting;

  private volatile long waitingNanos;

  /** When there was room as it was looked at last, and since when there is none; for who asks. */
  private long roomNanos;

  private long fullNanos;
  private boolean full;

  private volatile boolean connecting;
  private volatile long connectingNanos;

  /** How much of a piece had been written when it was looked at last. */
  private long writtenPart;

  private @Nullable Limits limits;

  public Activity(Connection connection, LongSupplier clock) {
    this.connection = connection;
    this.clock = clock;
    receivedNanos = sentNanos = clock.getAsLong();
  }

  /** That of a stream socket's connection: the same one for as long as it is the dispatcher's. */
  public static Activity of(AsyncSocket socket) {
    if (socket instanceof Connection connection) return connection.activity();
    throw new IllegalArgumentException("no timeouts of a " + socket.type() + " socket");
  }

  public @Nullable Limits limits() {
    return limits;
  }

  public void limits(Limits limits) {
    this.limits = limits;
  }

  // --- what happens ---

  public void received() {
    receivedNanos = clock.getAsLong();
  }

  /** Something was sent, or got further; some of it may have to wait for room in the kernel. */
  public void sent(boolean waits) {
    sentNanos = clock.getAsLong();
    if (waits == waiting) return;
    waitingNanos = sentNanos;
    waiting = waits;
  }

  /** All of one piece is in the kernel, and others may wait for theirs. */
  public void took(boolean waits) {
    waiting = false;
    sent(waits);
  }

  public void connects() {
    connectingNanos = clock.getAsLong();
    connecting = true;
  }

  /** The connection has another socket. */
  public Activity moved(Connection to) {
    connection = to;
    return this;
  }

  public void closed() {
    if (limits != null) limits.closed();
  }

  public long lingerNanos() {
    return limits == null ? Long.MAX_VALUE : limits.lingerNanos();
  }

  // --- since when nothing has ---

  public long nowNanos() {
    return clock.getAsLong();
  }

  /** Whether the socket is still that of the connection, and the channel open. */
  public boolean isOf(@Nullable AsyncSocket socket) {
    return socket == connection && connection.isOpen();
  }

  public boolean isUp() {
    return connection.isUp();
  }

  /** Since when nothing was received, while the dispatcher reads. */
  public long silentSince() {
    if (connection.hasInput() || !connection.isReading()) received();
    return receivedNanos;
  }

  /** Since when nothing was received, and nothing sent has got any further. */
  public long idleSince() {
    if (connection.hasInput()) received();
    if (hasMoved()) sentNanos = nowNanos();
    return Math.max(receivedNanos, sentNanos); // The clock does not wrap in our time.
  }

  private boolean hasMoved() {
    long before = writtenPart;
    writtenPart = connection.writtenPart();
    return writtenPart > before;
  }

  /** Since when the same piece waits for room in the kernel, taken or not; now if none does. */
  public long waitingSince() {
    if (waiting) return waitingNanos;
    if (!connection.waitsForRoom()) {
      full = false;
      roomNanos = nowNanos();
      return roomNanos;
    }
    // Since it sent last, if there was room as it was looked at before that.
    if (!full) fullNanos = sentNanos > roomNanos ? sentNanos : nowNanos();
    full = true;
    fullNanos = Math.max(fullNanos, sentNanos);
    return fullNanos;
  }

  /** Since when the peer leaves a connect unanswered; now if it does not. */
  public long unansweredSince() {
    return connecting && !connection.isAnswered() ? connectingNanos : nowNanos();
  }
}
