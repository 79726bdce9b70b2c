package org.asyncore;

/** Where scheduled calls wait for their time. Safe from any thread. */
interface CallQueue {
  /** A clock that only goes forward, in nanoseconds from some moment on. */
  long nowNanos();

  /** Takes in a call, to be run when its {@code dueNanos} have come. */
  void add(ScheduledCall call);

  /** Takes a call out, if it is in there. */
  void remove(ScheduledCall call);
}
