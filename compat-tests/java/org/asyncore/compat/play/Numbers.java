package org.asyncore.compat.play;

import java.util.HashMap;
import java.util.Map;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.Transport;

/**
 * Makes peers count among the numbers, from which the library deals the lowest free one.
 *
 * <p>CPython's peers live in its own process, and have descriptors among those of its channels. On
 * epoll so do ours. On NIO the library deals numbers of its own; there a socket that does nothing
 * holds a number for each peer, or a trace in which a number is used again could not be compared.
 */
final class Numbers {
  private final Transport transport;
  private final boolean areDescriptors;
  private final Map<Object, AsyncSocket> held =
      new HashMap<>(); // Owners are equal to themselves alone.

  Numbers(Transport transport) {
    this.transport = transport;
    areDescriptors = Grounds.OF_PROCESS.countsPeers(transport.name());
  }

  /** The next number is this peer's. */
  void hold(Object owner) {
    if (!areDescriptors) held.put(owner, transport.socket(Family.INET, SocketType.STREAM));
  }

  /** The peer is closed. */
  void release(Object owner) {
    AsyncSocket socket = held.remove(owner);
    if (socket != null) socket.close();
  }

  void releaseAll() {
    held.values().forEach(AsyncSocket::close);
    held.clear();
  }
}
