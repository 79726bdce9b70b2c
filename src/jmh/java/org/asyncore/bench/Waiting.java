package org.asyncore.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** A listener that accepts nobody: connections to it are up, and cost this process one end only. */
final class Waiting implements AutoCloseable {
  /** How many may wait; Linux allows 4,096 in all unless told otherwise. */
  static final int MOST = 2000;

  private final ServerSocket listening;

  Waiting() throws IOException {
    listening = new ServerSocket(0, MOST + 100, InetAddress.getLoopbackAddress());
  }

  InetSocketAddress address() {
    return new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort());
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
