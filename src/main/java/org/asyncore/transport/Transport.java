package org.asyncore.transport;

import java.nio.channels.SelectableChannel;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Where sockets come from and where a pass waits for them: Python's {@code socket} and {@code
 * select} modules, as far as asyncore.py uses them.
 *
 * <p>One thread at a time has the <em>turn</em>: a pass takes it, waits and calls back under it,
 * and gives it back.
 */
public interface Transport {
  /** {@code epoll} or {@code nio}; a test's transport has a name of its own. */
  String name();

  /** Why it is this one: a sentence for people, such as why there is no epoll. */
  default String reason() {
    return "it was given by the program";
  }

  /** {@code socket.socket(family, type)}. */
  AsyncSocket socket(Family family, SocketType type);

  /**
   * A stream socket over a descriptor that is open already, connected or listening: {@code
   * socket.socket(fileno=…)}. So a program takes over what a parent process, a service manager or
   * native code has opened. The socket owns the descriptor from now on, and makes it non-blocking;
   * one that is refused stays the caller's, as it was. On epoll only
   * (docs/differences.md#no-descriptors-on-nio).
   *
   * @throws OsException {@link Errno#ENOTSOCK}, {@link Errno#EBADF}, {@link Errno#EPROTOTYPE} of a
   *     socket that is no stream, {@link Errno#ENOTCONN} of one that neither is connected nor
   *     listens
   */
  default AsyncSocket socket(int descriptor) {
    throw new UnsupportedOperationException("no sockets by descriptor on transport " + name());
  }

  /**
   * A file that does not block, on a duplicate of this descriptor: {@code os.dup} and {@code
   * os.set_blocking}.
   */
  default AsyncFile file(int descriptor) {
    throw new UnsupportedOperationException("no files on transport " + name());
  }

  /** A file that does not block, over a channel of the JDK, which it owns from now on. */
  default AsyncFile file(SelectableChannel channel) {
    throw new UnsupportedOperationException("no files on transport " + name());
  }

  /** {@code os.pipe()}: a new pipe, whose ends have numbers for {@link #file(int)}. */
  default Pipe pipe() {
    throw new UnsupportedOperationException("no pipes on transport " + name());
  }

  /** {@code select.poll()}: a new, empty set of sockets to wait for. */
  Pollster pollster();

  /**
   * The time by which its pollsters wait, in nanoseconds since some moment: {@code
   * time.monotonic()}. Scheduled calls, timeouts, and whatever else a map does by the clock follow
   * it, so a transport of a test's may have a time of its own. It never goes back. Safe from any
   * thread.
   */
  default long nanoTime() {
    return System.nanoTime();
  }

  /** The time that a socket's dispatcher goes by, where there are no passes: its event loop's. */
  default long nanoTime(AsyncSocket socket) {
    return nanoTime();
  }

  /** Waits for the turn, and keeps it until {@link #giveTurn}; nests. */
  void takeTurn() throws InterruptedException;

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

  /** The same of one socket, where there are no passes: whether another thread serves it. */
  default boolean isServedElsewhere(AsyncSocket socket) {
    return isServedElsewhere();
  }

  /** Gives back what the last {@link #takeTurn} took. */
  void giveTurn();

  /** Has a pass that waits ask its pollster's alarm again. Safe from any thread. */
  default void wakeup() {
    // For transports whose passes never wait.
  }

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
  boolean drain(LongSupplier leftNanos) throws InterruptedException;

  /**
   * Waits no longer for what closed sockets still have to send: their connections end, and peers
   * that have not got all are reset. Safe from any thread.
   */
  default void cutOff() {
    // Most send at once.
  }

  /**
   * A dispatcher of its map has this socket, which may still be of another map's transport: takes
   * it over if nobody has to be waited for. Else the next pass that asks for it does.
   */
  default void bring(AsyncSocket socket) {
    // Most have no loop that a socket belongs to.
  }

  /**
   * The dispatcher of a socket of this transport may want other events from now on: a pass that
   * waits ends its wait, to ask again. From any thread.
   */
  default void interestChanged(AsyncSocket socket) {}
}
