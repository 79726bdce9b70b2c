package org.asyncore.testkit;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A listener in a test's hand, for dispatchers that connect: each that comes is a {@link Peer}. */
public final class Door {
  private final TestLoop loop;
  private final MemoryStream socket;
  private final SocketAddress address;

  Door(TestLoop loop, MemoryStream socket) {
    this.loop = loop;
    this.socket = socket;
    address = socket.getsockname();
  }

  /** Where it listens. */
  public SocketAddress address() {
    return address;
  }

  /** The next one who comes. */
  public Peer expectPeer() {
    if (socket.isClosed())
      throw new IllegalStateException("expectPeer() of " + this + ", which is closed");
    MemoryStream[] accepted = new MemoryStream[1];
    loop.await(
        () -> {
          if (accepted[0] == null) accepted[0] = accept();
          return accepted[0] != null;
        },
        () -> "somebody at " + this);
    return loop.adopt(accepted[0]);
  }

  private @Nullable MemoryStream accept() {
    synchronized (loop.network()) {
      return socket.next();
    }
  }

  /** Listens no more: who comes is refused, and who waits is reset. */
  public void close() {
    socket.close();
  }

  @Override
  public String toString() {
    return "the door at " + address;
  }
}
