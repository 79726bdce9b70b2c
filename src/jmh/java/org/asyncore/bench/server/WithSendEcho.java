package org.asyncore.bench.server;

import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.migrate.DispatcherFactory;
import org.asyncore.transport.AsyncSocket;

/** The echo handler of Python's documentation: inherited predicates, no limit to what it holds. */
final class WithSendEcho extends DispatcherWithSend {
  private final int receiveBytes;

  static DispatcherFactory reading(int receiveBytes) {
    return (socket, map) -> new WithSendEcho(socket, map, receiveBytes);
  }

  private WithSendEcho(AsyncSocket socket, SocketMap map, int receiveBytes) {
    super(socket, map);
    this.receiveBytes = receiveBytes;
  }

  @Override
  public void handleRead() {
    byte[] data = recv(receiveBytes);
    if (data.length > 0) send(data);
  }

  @Override
  public void handleClose() {
    close();
  }
}
