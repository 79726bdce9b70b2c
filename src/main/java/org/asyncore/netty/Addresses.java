package org.asyncore.netty;

import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.UnixChannel;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;

/** Translates between the JDK's address types, which dispatchers see, and Netty's. */
final class Addresses {
  static final UnixDomainSocketAddress UNNAMED = UnixDomainSocketAddress.of("");

  /** The most bytes of a path that fit into Linux's {@code sun_path}, with its end. */
  private static final int LONGEST_PATH = 107;

  private Addresses() {}

  static SocketAddress toNetty(SocketAddress address) {
    if (!(address instanceof UnixDomainSocketAddress unix)) {
      needResolved(address);
      return address;
    }
    return new DomainSocketAddress(path(unix));
  }

  /** As the channel wants it: Netty's NIO channels take the JDK's type, its own have their own. */
  static SocketAddress forChannel(Channel channel, SocketAddress address) {
    SocketAddress own = toNetty(address);
    return channel instanceof UnixChannel ? own : address;
  }

  /** Whether a Unix address, Netty's or the JDK's, is that of a socket without a name. */
  static boolean isUnnamed(SocketAddress address) {
    if (address instanceof DomainSocketAddress unix) return unix.path().isEmpty();
    return address instanceof UnixDomainSocketAddress jdk && jdk.getPath().toString().isEmpty();
  }

  static SocketAddress fromNetty(SocketAddress address) {
    if (!(address instanceof DomainSocketAddress unix)) return address;
    return unix.path().isEmpty() ? UNNAMED : UnixDomainSocketAddress.of(unix.path());
  }

  /** The family of a channel's local address; IPv4 for one that it does not tell. */
  static Family familyOf(SocketAddress local) {
    if (local instanceof DomainSocketAddress || local instanceof UnixDomainSocketAddress) {
      return Family.UNIX;
    }
    boolean isSix =
        local instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet6Address;
    return isSix ? Family.INET6 : Family.INET;
  }

  /** Netty's native bind removes what is at a path; the system refuses a path that is taken. */
  static void needFree(SocketAddress address) {
    if (address instanceof UnixDomainSocketAddress unix
        && Files.exists(unix.getPath(), LinkOption.NOFOLLOW_LINKS)) {
      throw new OsException(Errno.EADDRINUSE);
    }
  }

  /** What getsockname says of a socket without an address. */
  static SocketAddress unknown(Family family) {
    return switch (family) {
      case INET -> new InetSocketAddress("0.0.0.0", 0);
      case INET6 -> new InetSocketAddress("::", 0);
      case UNIX -> UNNAMED;
    };
  }

  /** The peer of an accepted channel, as accept told it: it may have gone since. */
  static SocketAddress peerOf(Channel accepted, Family family) {
    SocketAddress address = accepted.remoteAddress();
    return address == null ? unknown(family) : fromNetty(address);
  }

  /** The path of a Unix domain address that fits into the system's structure. */
  static String path(UnixDomainSocketAddress address) {
    String path = address.getPath().toString();
    int length = path.getBytes(StandardCharsets.UTF_8).length;
    if (length > LONGEST_PATH) {
      throw new OsException(
          Errno.ENAMETOOLONG,
          "AF_UNIX path too long: " + length + " > " + LONGEST_PATH + " bytes: " + path);
    }
    return path;
  }

  /**
   * Python resolves names in connect and bind; in Java the address has been resolved, or has failed
   * to be.
   */
  static void needResolved(SocketAddress address) {
    if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
      throw new OsException(
          Errno.EAI_NONAME, Errno.EAI_NONAME.text() + ": " + inet.getHostString());
    }
  }
}
