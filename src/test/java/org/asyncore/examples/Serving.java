package org.asyncore.examples;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;

/** A server's loop on a thread of its own, for the length of a test. */
final class Serving implements AutoCloseable {
  private static final double PASS_SECONDS = 0.02;
  private static final long STOP_SECONDS = 10;

  private final SocketMap map;
  private final int port;
  private final Thread thread;
  private volatile boolean stopped;
  private volatile Throwable thrown;

  /** Serves the map of a listening dispatcher. */
  Serving(Dispatcher server) {
    map = server.map();
    port = ((InetSocketAddress) server.socket().getsockname()).getPort();
    thread = new Thread(this::serve, "serving");
    thread.start();
  }

  int port() {
    return port;
  }

  private void serve() {
    try {
      while (!stopped) Asyncore.loop(PASS_SECONDS, false, map, 1);
      Asyncore.closeAll(map, true);
    } catch (Throwable e) {
      thrown = e;
    }
  }

  /** Stops the loop, and fails if an exception had left it. */
  @Override
  public void close() {
    stopped = true;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while the loop was to stop", e);
    }
    if (thread.isAlive()) {
      throw new AssertionError("waited " + STOP_SECONDS + " s for the loop to stop");
    }
    if (thrown != null) throw new AssertionError("the loop was left by an exception", thrown);
  }
}
