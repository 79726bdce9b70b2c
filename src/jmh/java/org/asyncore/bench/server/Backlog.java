package org.asyncore.bench.server;

/** How many connections may wait to be accepted, the same for all servers. */
final class Backlog {
  static final int CONNECTIONS = 1024;

  private Backlog() {}
}
