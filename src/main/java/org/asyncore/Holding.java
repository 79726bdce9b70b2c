package org.asyncore;

import java.lang.ref.WeakReference;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Held;
import org.asyncore.transport.OsException;
import org.jspecify.annotations.Nullable;

/**
 * A dispatcher as the holder of its socket. It keeps the dispatcher from no collector: a loop
 * reaches its open sockets, and through them this, when nobody can reach their dispatchers any
 * more.
 */
final class Holding extends WeakReference<Dispatcher> implements Held.Holder {
  /** Null for none. */
  private volatile @Nullable AsyncSocket socket;

  Holding(Dispatcher dispatcher) {
    super(dispatcher);
  }

  /** Is told from now on what becomes of a socket's number, and no more of the one before. */
  void take(AsyncSocket taken) {
    if (socket != taken) letGo();
    socket = taken;
    if (taken instanceof Held held) held.holder(this);
  }

  /** Is told no more of the socket, unless somebody else has taken it. */
  void letGo() {
    AsyncSocket before = socket;
    socket = null;
    if (before instanceof Held held && held.holder() == this) held.holder(null);
  }

  /** The socket, unless it is closed, or held by somebody else as well; null for none. */
  @Nullable AsyncSocket own() {
    AsyncSocket known = socket;
    boolean isOwn = known instanceof Held held && held.holder() == this && known.fileno() >= 0;
    return isOwn ? known : null;
  }

  /** Whether the socket was not closed yet. */
  boolean isOpen() {
    AsyncSocket known = socket;
    return known != null && known.fileno() >= 0;
  }

  /** Closes the socket of a dispatcher that is garbage. */
  void closeSocket() {
    AsyncSocket left = socket;
    if (left == null) return; // None is held.
    letGo(); // First: a socket that is closed and nobody's was not closed by its dispatcher.
    try {
      left.close();
    } catch (OsException error) {
      if (error.errno() != Errno.ENOTCONN && error.errno() != Errno.EBADF) throw error;
    }
  }

  @Override
  public void numberChanged(int before, int now) {
    Dispatcher dispatcher = get();
    if (dispatcher != null) dispatcher.numberChanged(before, now);
  }
}
