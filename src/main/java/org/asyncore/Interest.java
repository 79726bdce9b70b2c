package org.asyncore;

/** How often a dispatcher is asked {@code readable()} and {@code writable()}. */
public enum Interest {
  /**
   * In every pass, as asyncore does: the answers may depend on anything, such as the time of day.
   */
  EVERY_PASS,

  /**
   * Again after something that can have changed the answers: the dispatcher's own callbacks and
   * events, calls of its methods that change what it is or send, and {@link
   * Dispatcher#interestChanged()}. A channel that nothing touches costs a pass nothing. It may be
   * asked more often than that.
   *
   * <p>A promise of the subclass: whatever else its answers depend on, a change of it is told by
   * {@code interestChanged()}. {@link SocketMap#checkInterest(boolean)} looks whether it is kept.
   */
  ON_TOUCH
}
