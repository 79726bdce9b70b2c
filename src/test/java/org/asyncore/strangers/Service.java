package org.asyncore.strangers;

/** A way in which the server echoes, each on a port of its own. */
enum Service {
  /** A {@code loop()}, and nothing in front. */
  PLAIN,
  /** TLS, in a loop. */
  TLS,
  /** An idle timeout, which ends who says nothing. */
  IDLE,
  /** Netty's traffic shaping in front, which sets auto-read. */
  SHAPED,
  /** A handler in front that sets auto-read at each bytes, whatever the dispatcher wants. */
  EAGER,
  /** Given to a handler of Netty's at the first bytes. */
  HANDED_OVER,
  /** Passed on by another loop, whose callbacks and those of the first use each other's sockets. */
  RELAYED,
  /** Hosted on an event loop of Netty's. */
  HOSTED,
  /** The same, through TLS. */
  HOSTED_TLS,
  /** Whoever comes is not taken: {@code handleAccepted} throws. Honest clients do not come here. */
  REFUSING;

  boolean isTls() {
    return this == TLS || this == HOSTED_TLS;
  }
}
