package org.asyncore.examples.migrating;

import java.util.Arrays;
import org.asyncore.Dispatcher;
import org.asyncore.Interest;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;

/** An echo that is asked only when touched: an idle one costs a pass nothing. */
public final class TouchedEcho extends Dispatcher {
  /** What send did not take; until it is gone nothing more is read. */
  private byte[] rest = {};

  public TouchedEcho(AsyncSocket socket, SocketMap map) {
    super(socket, map);
    interest(Interest.ON_TOUCH); // Both answers change in callbacks of this dispatcher only.
  }

  @Override
  public boolean readable() {
    return rest.length == 0;
  }

  @Override
  public boolean writable() {
    return rest.length > 0;
  }

  @Override
  public void handleRead() {
    rest = recv(8192);
    if (rest.length > 0) handleWrite();
  }

  @Override
  public void handleWrite() {
    rest = Arrays.copyOfRange(rest, send(rest), rest.length);
  }

  @Override
  public void handleClose() {
    close();
  }
}
