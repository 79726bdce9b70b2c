package org.asyncore.border;

/** Where a program makes its call. */
enum Place {
  HANDLE_READ,
  HANDLE_WRITE,
  HANDLE_CLOSE,
  USER_EVENT,
  PREDICATE,
  TASK,
  TIMER
}
