package org.asyncore.netty.socket;

import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Held;
import org.asyncore.transport.OsException;

/**
 * The number by which a map knows a socket, and who is to hear when it becomes another one. It is
 * the socket's until its owner closes it, whatever happens to the channel below.
 *
 * <p>Changes on the loop's turn; may be read on any thread.
 */
public final class SocketNumber {
  /** A socket that has one. */
  public interface Owner extends AsyncSocket, Held {
    SocketNumber number();

    @Override
    default int fileno() {
      return number().get();
    }

    default boolean isClosed() {
      return number().isClosed();
    }

    default void needOpen() {
      number().needOpen();
    }

    @Override
    default Holder holder() {
      return number().holder;
    }

    @Override
    default void holder(Holder holder) {
      number().holder = holder;
    }
  }

  private static final int CLOSED = -1;

  private volatile int number = CLOSED;
  private volatile Held.Holder holder;

  public int get() {
    return number;
  }

  public boolean isClosed() {
    return number < 0;
  }

  public void needOpen() {
    if (number < 0) throw new OsException(Errno.EBADF);
  }

  /** Has another number from now on; the holder is told. */
  public void change(int now) {
    int before = number;
    number = now;
    Held.Holder told = holder;
    if (told != null && before >= 0) told.numberChanged(before, now);
  }

  /** The owner closes the socket, or gives its channel away: gives the number that it had. */
  public int end() {
    int before = number;
    number = CLOSED;
    return before;
  }
}
