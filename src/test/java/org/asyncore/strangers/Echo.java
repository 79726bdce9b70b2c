package org.asyncore.strangers;

import java.util.Arrays;
import java.util.function.Consumer;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.OsException;

/** Sends back what comes, to the end, and reads nothing while it holds what was not taken. */
class Echo extends Dispatcher {
  private static final int PIECE = 16_384;

  private final Consumer<Throwable> failed;

  /** What send did not take; null for nothing. */
  private byte[] rest;

  private boolean hasHeardAll;

  /**
   * @param failed hears of what no peer can have caused
   */
  Echo(AsyncSocket socket, SocketMap map, Consumer<Throwable> failed) {
    super(socket, map);
    this.failed = failed;
  }

  @Override
  public boolean readable() {
    return rest == null && !hasHeardAll;
  }

  @Override
  public boolean writable() {
    return rest != null;
  }

  @Override
  public void handleRead() {
    byte[] came = recv(PIECE);
    if (came.length > 0) came(came);
  }

  void came(byte[] bytes) {
    offer(bytes);
  }

  @Override
  public void handleWrite() {
    if (rest != null) offer(rest);
    if (rest == null && hasHeardAll) close();
  }

  private void offer(byte[] bytes) {
    rest = null;
    int taken = send(bytes);
    if (taken < bytes.length) rest = Arrays.copyOfRange(bytes, taken, bytes.length);
  }

  /** Also after a failed send, when nobody takes what is left. */
  @Override
  public void handleClose() {
    if (hasHeardAll || rest == null) close();
    hasHeardAll = true;
  }

  @Override
  public void handleError(Throwable thrown) {
    if (!(thrown instanceof OsException)) failed.accept(thrown);
    close();
  }
}
