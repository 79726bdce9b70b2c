package org.asyncore.transport;

/** Which direction {@link AsyncSocket#shutdown} ends. */
public enum Shutdown {
  /** No more is received: {@code SHUT_RD}. */
  RD,
  /** No more is sent, and the peer reads an end of stream: {@code SHUT_WR}. */
  WR,
  /** Both: {@code SHUT_RDWR}. */
  RDWR
}
