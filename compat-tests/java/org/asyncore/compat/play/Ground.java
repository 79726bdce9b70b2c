package org.asyncore.compat.play;

import java.io.IOException;
import java.net.SocketAddress;
import org.asyncore.Asyncore;
import org.asyncore.SocketMap;
import org.asyncore.transport.Family;

/** What scenarios are played on: the system's sockets, or those of the test kit's network. */
interface Ground {
  /** An empty map. */
  SocketMap newMap();

  /** The map of all who name none. */
  default SocketMap globalMap() {
    return Asyncore.socketMap();
  }

  /** A stream socket, neither bound nor connected; without Nagle's algorithm. */
  PlainStream stream(Family family) throws IOException;

  PlainListener listener(Family family, SocketAddress address, int backlog) throws IOException;

  PlainDatagrams datagrams(Family family, SocketAddress address) throws IOException;

  /** Lets what was sent be delivered; calls nothing. */
  void settle();

  /** Whether the numbers of peers are among those that a transport of this name deals. */
  boolean countsPeers(String transport);
}
