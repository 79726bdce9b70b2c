package org.asyncore.transport;

/** A kind of socket: what Python passes to {@code create_socket} second. */
public enum SocketType {
  /** A connection of bytes, {@code SOCK_STREAM}. */
  STREAM,
  /** Single messages, {@code SOCK_DGRAM}. */
  DGRAM
}
