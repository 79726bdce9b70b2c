package org.asyncore;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.UnixName;

/** Makes the listening sockets of a {@link LoopGroup}. They are in no map yet. */
final class Listening {
  private Listening() {}

  /** A socket for each loop, on one address; or one for the first, where they cannot share it. */
  static List<AsyncSocket> sockets(List<LoopThread> loops, SocketAddress address, int backlog) {
    List<AsyncSocket> made = new ArrayList<>();
    try {
      AsyncSocket first = fresh(loops.get(0), address, made);
      first.bind(address); // Alone: with SO_REUSEPORT nobody would tell that it is in use.
      if (loops.size() > 1 && address instanceof InetSocketAddress && share(first)) {
        for (LoopThread loop : loops.subList(1, loops.size())) {
          AsyncSocket next = fresh(loop, address, made);
          share(next);
          next.bind(first.getsockname());
        }
      }
      for (AsyncSocket socket : made) socket.listen(backlog);
      return made;
    } catch (Throwable thrown) {
      for (AsyncSocket socket : made) socket.close();
      throw thrown;
    }
  }

  private static AsyncSocket fresh(LoopThread loop, SocketAddress address, List<AsyncSocket> made) {
    AsyncSocket socket = loop.map().transport().socket(family(address), SocketType.STREAM);
    made.add(socket);
    if (address instanceof InetSocketAddress) {
      socket.setsockopt(StandardSocketOptions.SO_REUSEADDR, true);
    }
    return socket;
  }

  private static Family family(SocketAddress address) {
    if (address instanceof UnixDomainSocketAddress || address instanceof UnixName)
      return Family.UNIX;
    boolean isInet6 =
        address instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet6Address;
    return isInet6 ? Family.INET6 : Family.INET;
  }

  /** Says whether the transport has such a thing. */
  private static boolean share(AsyncSocket socket) {
    try {
      socket.setsockopt(StandardSocketOptions.SO_REUSEPORT, true);
      return true;
    } catch (OsException refused) {
      if (refused.errno() == Errno.ENOPROTOOPT) return false;
      throw refused;
    }
  }
}
