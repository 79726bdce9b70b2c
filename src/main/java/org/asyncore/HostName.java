package org.asyncore;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.regex.Pattern;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;

/**
 * A host and a port as programs give them: resolved for a socket's own family, as {@code bind} and
 * {@code connect} of Python's sockets do. To resolve a name blocks.
 *
 * @param host a name, an address in numbers, or empty for any local address
 */
record HostName(String host, int port) {
  private static final Pattern NUMBERS = Pattern.compile("[0-9.]+|.*:.*");

  HostName {
    Objects.requireNonNull(host, "host is null");
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port is not from 0 to 65535: " + port);
    }
  }

  /**
   * Its first address of a family.
   *
   * @throws OsException if it has none: {@code socket.gaierror}
   */
  InetSocketAddress resolve(Family family) {
    if (host.isEmpty())
      return new InetSocketAddress(family == Family.INET6 ? "::" : "0.0.0.0", port);
    for (InetAddress each : addresses()) {
      if (isOf(family, each)) return new InetSocketAddress(each, port);
    }
    throw failure(NUMBERS.matcher(host).matches() ? Errno.EAI_ADDRFAMILY : Errno.EAI_NONAME);
  }

  private InetAddress[] addresses() {
    try {
      return InetAddress.getAllByName(host);
    } catch (UnknownHostException unknown) {
      throw failure(Errno.EAI_NONAME);
    }
  }

  private static boolean isOf(Family family, InetAddress address) {
    return switch (family) {
      case INET -> address instanceof Inet4Address;
      case INET6 -> address instanceof Inet6Address;
      case UNIX -> true; // Which the socket refuses.
    };
  }

  private OsException failure(Errno errno) {
    return new OsException(errno, errno.text() + ": " + OneLine.of(host));
  }

  /** As far as it is known without its address. */
  InetSocketAddress unresolved() {
    return InetSocketAddress.createUnresolved(host, port);
  }
}
