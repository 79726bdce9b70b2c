package org.asyncore.border;

/** How a dispatcher comes to its connection, and who calls it. */
enum Mode {
  /** A {@code loop()}, and nothing in front. */
  LOOP,
  /** A {@code loop()}, and a handler in front that does nothing. */
  IN_FRONT,
  /** A {@code loop()}, and TLS in front. */
  TLS,
  /** An endless {@code loop()} that reads ahead. */
  READ_AHEAD,
  /** A pipeline on an event loop that is nobody's map's, run by hand. */
  HOSTED,
  /** The same, and TLS in front. */
  HOSTED_TLS,
  /** A pipeline on the group of a map. */
  OWN_GROUP,
  /** A native channel of the group of a map, taken over by a dispatcher. */
  ADOPTED,
  /** Accepted in one map, served in another. */
  MOVED;

  /** Whether a {@code DispatcherHandler} calls the dispatcher. */
  boolean isHosted() {
    return this == HOSTED || this == HOSTED_TLS || this == OWN_GROUP;
  }

  /** Whether there is no map with a loop. */
  boolean isForeign() {
    return this == HOSTED || this == HOSTED_TLS;
  }

  /** Whether no handler was ever asked for in front of the dispatcher. */
  boolean isBare() {
    return this == LOOP || this == READ_AHEAD || this == MOVED;
  }

  boolean isTls() {
    return this == TLS || this == HOSTED_TLS;
  }
}
