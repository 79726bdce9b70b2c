package org.asyncore.border;

/** Where a program makes its call. */
enum Place {
  HANDLE_READ,
  HANDLE_WRITE,
  HANDLE_CLOSE,
  USER_EVENT,
  PREDICATE,
  TASK,
  TIMER;

  /** Nobody tells a dispatcher of user events in whose pipeline no handler was asked for. */
  boolean isIn(Mode mode) {
    return this != USER_EVENT || !mode.isBare();
  }
}
