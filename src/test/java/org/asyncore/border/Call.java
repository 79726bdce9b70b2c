package org.asyncore.border;

/** What a program is in the middle of. */
enum Call {
  NONE,
  SEND,
  SEND_MUCH,
  SEND_TWICE,
  RECV,
  CLOSE,
  SHUTDOWN_WRITE,
  SHUTDOWN_BOTH,
  HANDLE_WRITE,
  NAMES,
  OPTIONS,
  TAKE_ERROR,
  INTEREST,
  INTEREST_CHANGED,
  LEAVE_AND_JOIN,
  CALL_LATER,
  FLUSH,
  READ;

  boolean ends() {
    return this == CLOSE || this == SHUTDOWN_WRITE || this == SHUTDOWN_BOTH;
  }

  /** Whether it is another one in each kind of dispatcher. */
  boolean isOfItsKind() {
    return sends() || this == HANDLE_WRITE;
  }

  /** Whether it is worth a try with this kind; else it is as that of a plain one. */
  boolean isTriedWith(Kind kind) {
    return kind == Kind.PLAIN || isOfItsKind();
  }

  boolean sends() {
    return this == SEND || this == SEND_MUCH || this == SEND_TWICE;
  }
}
