package org.asyncore.transport;

/** An address family: what Python passes to {@code create_socket} first. */
public enum Family {
  /** IPv4, {@code AF_INET}; addresses are {@link java.net.InetSocketAddress}es. */
  INET,
  /** IPv6, {@code AF_INET6}; addresses are {@link java.net.InetSocketAddress}es. */
  INET6,
  /**
   * Unix domain sockets, {@code AF_UNIX}; addresses are {@link java.net.UnixDomainSocketAddress}es.
   */
  UNIX
}
