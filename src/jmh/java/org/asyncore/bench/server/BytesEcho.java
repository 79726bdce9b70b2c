package org.asyncore.bench.server;

import java.util.Arrays;
import org.asyncore.Dispatcher;
import org.asyncore.Interest;
import org.asyncore.SocketMap;
import org.asyncore.migrate.DispatcherFactory;
import org.asyncore.transport.AsyncSocket;

/** Echoes arrays with {@code recv(n)} and {@code send}; predicates overridden, as they must be. */
final class BytesEcho extends Dispatcher {
  private final int receiveBytes;

  /** What send did not take; while there is any, nothing more is read. */
  private byte[] rest;

  static DispatcherFactory reading(int receiveBytes) {
    return (socket, map) -> new BytesEcho(socket, map, receiveBytes);
  }

  /** The same, with the promise that its predicates change in its own callbacks only. */
  static DispatcherFactory onTouch(int receiveBytes) {
    return (socket, map) -> {
      BytesEcho echo = new BytesEcho(socket, map, receiveBytes);
      echo.interest(Interest.ON_TOUCH);
      return echo;
    };
  }

  private BytesEcho(AsyncSocket socket, SocketMap map, int receiveBytes) {
    super(socket, map);
    this.receiveBytes = receiveBytes;
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
    byte[] data = recv(receiveBytes);
    if (data.length > 0) offer(data);
  }

  @Override
  public void handleWrite() {
    offer(rest);
  }

  private void offer(byte[] data) {
    int taken = send(data);
    rest = taken == data.length ? null : Arrays.copyOfRange(data, taken, data.length);
  }

  @Override
  public void handleClose() {
    close();
  }
}
