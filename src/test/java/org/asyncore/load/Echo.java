package org.asyncore.load;

import java.util.Arrays;
import org.asyncore.Dispatcher;
import org.asyncore.transport.AsyncSocket;

/** Sends back what comes, and reads nothing while it holds bytes that were not taken. */
final class Echo extends Dispatcher {
  /** The most that it holds. */
  static final int RECEIVE_BYTES = 8192;

  private final EchoServer server;

  /** What send did not take. */
  private byte[] rest;

  Echo(EchoServer server, AsyncSocket socket) {
    super(socket, server.map());
    this.server = server;
  }

  @Override
  public boolean readable() {
    return rest == null;
  }

  @Override
  public boolean writable() {
    return rest != null;
  }

  @Override
  public void handleRead() {
    byte[] data = recv(RECEIVE_BYTES);
    if (data.length > 0) offer(data);
  }

  @Override
  public void handleWrite() {
    byte[] data = rest;
    forget();
    offer(data);
  }

  private void offer(byte[] data) {
    int taken = send(data);
    if (taken == data.length || !connected()) return; // Broken: handleClose was called.
    rest = Arrays.copyOfRange(data, taken, data.length);
    server.holds(true);
  }

  private void forget() {
    if (rest != null) server.holds(false);
    rest = null;
  }

  @Override
  public void handleClose() {
    forget();
    close();
    server.ended();
  }

  @Override
  public void handleError(Throwable thrown) {
    server.failed(thrown);
  }
}
