package org.asyncore.compat.play;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.asyncore.compat.scenario.ScenarioException;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.SocketType;

/**
 * Which address is whose: traces name the owner of a port, not its number.
 *
 * <p>On NIO a socket that is being connected does not know its port, which others may see before it
 * does. Then a line has the port in it until {@link #named} puts the name there.
 */
final class Addresses {
  private static final String IPV4_LOOPBACK = "127.0.0.1";
  private static final String IPV6_LOOPBACK = "::1";

  private static final Pattern PORT = Pattern.compile("PORT\\(([^()]*)\\)");

  private final Path folder;

  /** Names by the text of their addresses. */
  private final Map<String, String> owners = new ConcurrentHashMap<>();

  /** Where a name can be connected to. */
  private final Map<String, SocketAddress> addresses = new ConcurrentHashMap<>();

  /** Sockets that are being connected and do not know their port yet. */
  private final Map<String, AsyncSocket> connecting = new LinkedHashMap<>();

  /** Paths of Unix sockets are made in {@code folder}. */
  Addresses(Path folder) {
    this.folder = folder;
  }

  /** An address to bind to: a port for the system to choose, or a path. */
  SocketAddress fresh(String name, Family family) {
    return family == Family.UNIX
        ? UnixDomainSocketAddress.of(folder.resolve(name))
        : new InetSocketAddress(loopback(family), 0);
  }

  private static String loopback(Family family) {
    return family == Family.INET6 ? IPV6_LOOPBACK : IPV4_LOOPBACK;
  }

  /** Notes that the socket of this name has this local address. */
  void remember(String name, SocketAddress address, boolean connectable) {
    if (isNone(address)) return;
    String owner = owners.putIfAbsent(key(address), name);
    if (owner != null && !owner.equals(name)) {
      throw new ScenarioException("one port for " + owner + " and " + name + ": play again");
    }
    if (connectable) addresses.put(name, address);
  }

  private static boolean isNone(SocketAddress address) {
    if (address instanceof InetSocketAddress inet) return inet.getPort() == 0;
    return address == null || key(address).isEmpty();
  }

  /** Notes the local address of a socket that was told to connect, now or when it has one. */
  void rememberConnecting(String name, AsyncSocket socket) {
    SocketAddress address = socket.getsockname();
    if (isNone(address) && socket.family() != Family.UNIX) connecting.put(name, socket);
    remember(name, address, socket.type() == SocketType.DGRAM);
  }

  /** Asks the sockets that did not know their address yet. */
  void learn() {
    if (connecting.isEmpty()) return;
    connecting.values().removeIf(socket -> socket.fileno() < 0);
    connecting.entrySet().removeIf(entry -> hasAddress(entry.getKey(), entry.getValue()));
  }

  private boolean hasAddress(String name, AsyncSocket socket) {
    SocketAddress address;
    try {
      address = socket.getsockname();
    } catch (OsException refused) {
      return true; // It will never have one.
    }
    remember(name, address, false);
    return !isNone(address);
  }

  /** A line in which every port has its owner's name, as far as it is known by now. */
  String named(String line) {
    return PORT.matcher(line).replaceAll(port -> owners.getOrDefault(port.group(1), "?"));
  }

  /** Where to connect to reach this name. */
  SocketAddress of(String name) {
    SocketAddress address = addresses.get(name);
    if (address == null) throw new ScenarioException("nobody listens by the name " + name);
    return address;
  }

  static Family family(SocketAddress address) {
    if (address instanceof UnixDomainSocketAddress) return Family.UNIX;
    boolean isIpv6 = ((InetSocketAddress) address).getAddress() instanceof Inet6Address;
    return isIpv6 ? Family.INET6 : Family.INET;
  }

  /** An address as a trace shows it; null for null. */
  String show(SocketAddress address) {
    if (address == null) return null;
    if (address instanceof InetSocketAddress inet) {
      String host = host(inet);
      String port = inet.getPort() == 0 ? "0" : "<" + owner(address) + ">";
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
    return "unix:" + (key(address).isEmpty() ? "" : "<" + owner(address) + ">");
  }

  private String owner(SocketAddress address) {
    learn();
    String key = key(address);
    return owners.getOrDefault(key, "PORT(" + key + ")");
  }

  /** One port may be in use over IPv4 and IPv6. */
  private static String key(SocketAddress address) {
    if (address instanceof InetSocketAddress inet) return host(inet) + " " + inet.getPort();
    if (address instanceof UnixDomainSocketAddress unix) return unix.getPath().toString();
    return address.toString();
  }

  /** The normal form of a host: Java writes ::1 with all its zeros. */
  private static String host(InetSocketAddress address) {
    InetAddress host = address.getAddress();
    if (host == null) return address.getHostString();
    if (host instanceof Inet6Address && host.isLoopbackAddress()) return IPV6_LOOPBACK;
    return host.getHostAddress();
  }
}
