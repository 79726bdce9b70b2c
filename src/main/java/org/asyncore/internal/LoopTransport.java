package org.asyncore.internal;

import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Transport;

/**
 * What our own loop, and whoever serves sockets without one, asks of a transport beside the calls
 * that asyncore.py makes on {@code socket} and {@code select}.
 *
 * <p>One thread at a time has the <em>turn</em>: a pass takes it, waits and calls back under it,
 * and gives it back.
 */
public interface LoopTransport extends Transport {
  /** A transport as a loop uses it; one that is nothing more is used by one thread at a time. */
  static LoopTransport of(Transport transport) {
    return transport instanceof LoopTransport loop ? loop : new PlainTransport(transport);
  }

  /** The one that a program knows. */
  default Transport given() {
    return this;
  }

  @Override
  LoopPollster pollster();

  // --- the turn ---

  /** Waits for the turn, and keeps it until {@link #giveTurn}; nests. */
  default void takeTurn() throws InterruptedException {
    // For transports that one thread uses.
  }

  /** Gives back what the last {@link #takeTurn} took. */
  default void giveTurn() {
    // As takeTurn.
  }

  /**
   * Makes the passes of a {@code loop()} that has no count: the thread is going to stay for long,
   * and may be prepared for that.
   */
  default void stay(Stay stay) throws InterruptedException {
    stay.passes();
  }

  /** Many passes, each with a turn of its own. */
  @FunctionalInterface
  interface Stay {
    /** Makes them all. */
    void passes() throws InterruptedException;
  }

  /**
   * Whether a loop goes on, or makes a pass, on another thread than this one, which has not the
   * turn: then what is to be told to a dispatcher is for that loop to tell.
   */
  default boolean isServedElsewhere() {
    return false;
  }

  /** Has a pass that waits ask its pollster's alarm again. Safe from any thread. */
  default void wakeup() {
    // For transports whose passes never wait.
  }

  // --- who serves a socket ---

  /** Whether sockets are served by passes; else something else calls their dispatchers. */
  default boolean hasPasses() {
    return true;
  }

  /**
   * Makes a call later, on the thread that serves this socket, where there are no passes.
   *
   * @param isDue asked there when the time has come: nothing is called if it says no
   * @return what cancels it
   */
  default Future<?> schedule(
      AsyncSocket socket, BooleanSupplier isDue, Runnable call, long delayNanos) {
    throw new UnsupportedOperationException("transport " + name() + " is served by passes");
  }

  /** The same of one socket, where there are no passes: whether another thread serves it. */
  default boolean isServedElsewhere(AsyncSocket socket) {
    return isServedElsewhere();
  }

  /** The time that a socket's dispatcher goes by, where there are no passes: its event loop's. */
  default long nanoTime(AsyncSocket socket) {
    return nanoTime();
  }

  /**
   * The dispatcher of a socket of this transport may want other events from now on: a pass that
   * waits ends its wait, to ask again. From any thread.
   */
  default void interestChanged(AsyncSocket socket) {
    // For transports whose passes never wait.
  }

  /**
   * A dispatcher of its map has this socket, which may still be of another map's transport: takes
   * it over if nobody has to be waited for. Else the next pass that asks for it does.
   */
  default void bring(AsyncSocket socket) {
    // Most have no loop that a socket belongs to.
  }

  // --- reading ahead ---

  /**
   * Sets whether bytes of connections are received before they are asked for: of those that are
   * accepted, or {@linkplain #readingAhead begun}, from now on.
   */
  default void readAhead(boolean readAhead) {
    // Most leave bytes where they are.
  }

  /** Whether that is so. */
  default boolean readsAhead() {
    return false;
  }

  /** What a dispatcher is to have in the place of this socket, which is about to connect. */
  default AsyncSocket readingAhead(AsyncSocket fresh) {
    return fresh;
  }

  // --- ends ---

  /** Hands on what passes have held back for one that does not follow. Safe from any thread. */
  default void flush() {
    // Most hold nothing back.
  }

  /** Whether something besides the sockets of a map is to keep its loop going. */
  default boolean isBusy() {
    return false;
  }

  /** Closes what is open besides the sockets of a map. Safe from any thread. */
  default void closeOthers() {
    // Most have nothing.
  }

  /**
   * Runs input and output until all closed sockets have sent what they had taken.
   *
   * @param leftNanos how much longer at most, in nanoseconds; asked again after {@link #wakeup}
   * @return whether nothing is left
   */
  default boolean drain(LongSupplier leftNanos) throws InterruptedException {
    return true; // Of most nothing is left to be seen to.
  }

  /**
   * Waits no longer for what closed sockets still have to send: their connections end, and peers
   * that have not got all are reset. Safe from any thread.
   */
  default void cutOff() {
    // Most send at once.
  }
}
