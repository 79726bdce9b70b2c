package org.asyncore;

/** What the loop called a dispatcher for, as a {@link LoopObserver} is told. */
public enum Callback {
  /** {@code handleReadEvent} of a connection: as a rule {@code handleRead}. */
  READ,
  /** {@code handleWriteEvent} of a connection: as a rule {@code handleWrite}. */
  WRITE,
  /** {@code handleReadEvent} of a listener: as a rule {@code handleAccept}. */
  ACCEPT,
  /**
   * The first event of a connection that was under way: as a rule {@code handleConnect}, then
   * {@code handleRead} or {@code handleWrite}; or it failed.
   */
  CONNECT,
  /** {@code handleExptEvent}: as a rule {@code handleExpt}. */
  URGENT,
  /** {@code handleClose}, where the loop calls it itself: a hang-up, or a connection that broke. */
  CLOSE,
  /** {@code handleError}, with what another callback threw. */
  ERROR,
  /** {@code handleUserEvent}. */
  USER_EVENT,
  /** A call that {@link Dispatcher#callLater} or {@link Dispatcher#callEvery} has scheduled. */
  SCHEDULED,
  /** {@code handleStop}. */
  STOP
}
