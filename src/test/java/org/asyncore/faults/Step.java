package org.asyncore.faults;

/** One thing that the peer does, {@code count} times or bytes of it. */
record Step(Act act, int count) {
  enum Act {
    /** So many bytes at once, then a pass. */
    SEND,
    /** So many bytes, each in a write of its own with a pass behind it. */
    DRIBBLE,
    /** So many bytes in three writes without a pass between. */
    COALESCE,
    /** So many passes in which the peer neither reads nor writes. */
    PAUSE,
    /** Up to so many bytes are read, then a pass. */
    READ,
    /** Half-close, behind all that is to be sent; the peer reads on. Of TLS it is close_notify. */
    END_OUTPUT,
    /** Gone, with whatever is unread or unsent. */
    CLOSE,
    /** Gone by a reset, where the system has one. */
    RESET,
    /** So many bytes are sent, as far as there is room, then a reset without a pass between. */
    RESET_IN_MID_SEND
  }

  boolean endsConnection() {
    return switch (act) {
      case CLOSE, RESET, RESET_IN_MID_SEND -> true;
      default -> false;
    };
  }

  boolean isReset() {
    return act == Act.RESET || act == Act.RESET_IN_MID_SEND;
  }

  @Override
  public String toString() {
    return act + " " + count;
  }
}
