package org.asyncore.testkit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.UnixName;
import org.jspecify.annotations.Nullable;

/**
 * Who is bound where. Every address is this machine's; a name that no resolver knows is an address
 * of its own. The path of a Unix socket is free again when its socket is closed, as there is no
 * file to delete. Guarded by its network.
 */
final class Names {
  private static final int FIRST_PORT = 32768;
  private static final SocketAddress UNNAMED = UnixDomainSocketAddress.of("");

  private final Map<Object, List<MemorySocket>> bound = new HashMap<>();

  /** Paths that sockets were bound to: connecting to one without a listener is refused. */
  private final Map<SocketAddress, Boolean> paths = new HashMap<>();

  private int nextPort = FIRST_PORT;

  /** Where all sockets meet that could be meant by a port: its host may be any. */
  private record Port(SocketType type, int number) {}

  /** Where those meet that have the same Unix name. */
  private record Path(SocketType type, SocketAddress name) {}

  static SocketAddress unknown(Family family) {
    return switch (family) {
      case INET -> new InetSocketAddress("0.0.0.0", 0);
      case INET6 -> new InetSocketAddress("::", 0);
      case UNIX -> UNNAMED;
    };
  }

  static Family familyOf(SocketAddress address) {
    if (address instanceof UnixDomainSocketAddress || address instanceof UnixName) {
      return Family.UNIX;
    }
    if (!(address instanceof InetSocketAddress inet)) {
      throw new IllegalArgumentException("no address of a socket in memory: " + address);
    }
    return inet.getAddress() instanceof Inet6Address ? Family.INET6 : Family.INET;
  }

  static void needFamily(MemorySocket socket, SocketAddress address) {
    boolean isNamed = address instanceof InetSocketAddress inet && inet.isUnresolved();
    if (isNamed && socket.family() != Family.UNIX) return;
    if (familyOf(address) != socket.family()) throw new OsException(Errno.EAFNOSUPPORT);
  }

  /** Where it is now. */
  SocketAddress bind(MemorySocket socket, SocketAddress address) {
    needFamily(socket, address);
    SocketAddress chosen = chosen(socket.type(), address);
    List<MemorySocket> others = bound.computeIfAbsent(key(socket.type(), chosen), key -> list());
    for (MemorySocket other : others) {
      if (!meet(other.name, chosen) || (mayShare(other) && mayShare(socket))) continue;
      throw new OsException(Errno.EADDRINUSE);
    }
    others.add(socket);
    if (socket.family() == Family.UNIX) paths.put(chosen, true);
    return chosen;
  }

  private static List<MemorySocket> list() {
    return new ArrayList<>(1);
  }

  private static boolean mayShare(MemorySocket socket) {
    boolean listens = socket instanceof MemoryStream stream && stream.isListening();
    return !listens && socket.isSet(StandardSocketOptions.SO_REUSEADDR);
  }

  private SocketAddress chosen(SocketType type, SocketAddress address) {
    if (!(address instanceof InetSocketAddress inet) || inet.getPort() != 0) return address;
    while (bound.containsKey(new Port(type, nextPort))) next();
    InetSocketAddress chosen =
        inet.isUnresolved()
            ? InetSocketAddress.createUnresolved(inet.getHostString(), nextPort)
            : new InetSocketAddress(inet.getAddress(), nextPort);
    next();
    return chosen;
  }

  private void next() {
    nextPort = nextPort == 65535 ? FIRST_PORT : nextPort + 1;
  }

  /** Binds one that connects, or sends, to where the other side is. */
  void autobind(MemorySocket socket, SocketAddress target) {
    if (socket.name != null || socket.family() == Family.UNIX) return;
    socket.name = bind(socket, new InetSocketAddress(local(target, socket.family()), 0));
  }

  private static InetAddress local(SocketAddress target, Family family) {
    InetAddress there = ((InetSocketAddress) target).getAddress();
    boolean isLocal = there != null && !there.isAnyLocalAddress();
    return isLocal ? there : Loopback.of(family);
  }

  void release(MemorySocket socket) {
    if (socket.name == null) return;
    Object key = key(socket.type(), socket.name);
    List<MemorySocket> others = bound.get(key);
    if (others == null) return;
    others.remove(socket);
    if (others.isEmpty()) bound.remove(key);
  }

  /** The socket that an address leads to, of those that {@code wanted} accepts; null for none. */
  <T extends MemorySocket> @Nullable T find(
      Class<T> wanted, SocketType type, SocketAddress address) {
    T found = null;
    for (MemorySocket each : bound.getOrDefault(key(type, address), List.of())) {
      if (!wanted.isInstance(each) || !meet(each.name, address)) continue;
      if (found == null || !isAny(each.name)) found = wanted.cast(each);
    }
    return found;
  }

  /** Whether a Unix socket was ever bound to this name. */
  boolean isPath(SocketAddress address) {
    return paths.containsKey(address);
  }

  private static Object key(SocketType type, SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? new Port(type, inet.getPort())
        : new Path(type, address);
  }

  private static boolean meet(@Nullable SocketAddress bound, SocketAddress asked) {
    if (!(bound instanceof InetSocketAddress one)) return asked.equals(bound);
    InetSocketAddress other = (InetSocketAddress) asked;
    if (one.isUnresolved() || other.isUnresolved()) {
      return one.getHostString().equals(other.getHostString());
    }
    if (familyOf(one) != familyOf(other)) return false;
    return isAny(one) || isAny(other) || one.getAddress().equals(other.getAddress());
  }

  private static boolean isAny(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress inet
        && inet.getAddress() != null
        && inet.getAddress().isAnyLocalAddress();
  }
}
