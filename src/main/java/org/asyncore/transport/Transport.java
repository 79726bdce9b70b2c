package org.asyncore.transport;

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

  /** {@code socket.socket(family, type)}. */
  AsyncSocket socket(Family family, SocketType type);

  /** {@code select.poll()}: a new, empty set of sockets to wait for. */
  Pollster pollster();

  /** Waits for the turn, and keeps it until {@link #giveTurn}; nests. */
  void takeTurn() throws InterruptedException;

  /** Gives back what the last {@link #takeTurn} took. */
  void giveTurn();

  /**
   * Runs input and output until all closed sockets have sent what they had taken.
   *
   * @param waitNanos how long at most, in nanoseconds
   * @return whether nothing is left
   */
  boolean drain(long waitNanos) throws InterruptedException;
}
