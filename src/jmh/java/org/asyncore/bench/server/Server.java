package org.asyncore.bench.server;

/** One way to serve. */
interface Server {
  /** Listens on loopback, tells the port, and serves until the process ends. */
  void serve(Control control) throws Exception;
}
