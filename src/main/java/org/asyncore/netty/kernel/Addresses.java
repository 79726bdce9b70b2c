package org.asyncore.netty.kernel;

import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.regex.Pattern;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.UnixName;

/** Translates between the JDK's address types, which dispatchers see, and Netty's. */
public final class Addresses {
  /** The most bytes of a path that fit into Linux's {@code sun_path}, with its end. */
  private static final int LONGEST_PATH = 107;

  private static final Pattern UNPRINTED = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]");

  private Addresses() {}

  public static SocketAddress toNetty(SocketAddress address) {
    if (address instanceof UnixName name) return UnixNames.toNetty(name);
    if (!(address instanceof UnixDomainSocketAddress unix)) {
      needResolved(address);
      return address;
    }
    return new DomainSocketAddress(path(unix));
  }

  /** As the channel wants it: Netty's NIO channels take the JDK's type, its own have their own. */
  public static SocketAddress forChannel(Channel channel, SocketAddress address) {
    SocketAddress own = toNetty(address);
    if (channel instanceof UnixChannel) return own;
    if (!(address instanceof UnixName)) return address;
    throw new OsException(
        Errno.EINVAL,
        "no path: " + address + " (docs/differences.md#addresses-are-socket-addresses)");
  }

  /** Whether a Unix address, Netty's or the JDK's, is that of a socket without a name. */
  public static boolean isUnnamed(SocketAddress address) {
    if (address instanceof DomainSocketAddress unix) return unix.path().isEmpty();
    return address instanceof UnixDomainSocketAddress jdk && jdk.getPath().toString().isEmpty();
  }

  public static SocketAddress fromNetty(SocketAddress address) {
    if (address instanceof DomainSocketAddress unix) return UnixNames.fromNetty(unix);
    return address instanceof UnixDomainSocketAddress unix ? UnixNames.fromJdk(unix) : address;
  }

  /** Whether an address is one of Unix domain sockets. */
  public static boolean isUnix(SocketAddress address) {
    return address instanceof UnixDomainSocketAddress || address instanceof UnixName;
  }

  /** The family of a channel's local address; IPv4 for one that it does not tell. */
  public static Family familyOf(SocketAddress local) {
    if (local instanceof DomainSocketAddress || isUnix(local)) return Family.UNIX;
    boolean isSix =
        local instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet6Address;
    return isSix ? Family.INET6 : Family.INET;
  }

  /** Netty's native bind removes what is at a path; the system refuses a path that is taken. */
  public static void needFree(SocketAddress address) {
    if (address instanceof UnixName name && !name.isAbstract()) {
      throw new OsException(
          Errno.EINVAL,
          "no path to Java: " + name + " (docs/differences.md#addresses-are-socket-addresses)");
    }
    if (address instanceof UnixDomainSocketAddress unix
        && Files.exists(unix.getPath(), LinkOption.NOFOLLOW_LINKS)) {
      throw new OsException(Errno.EADDRINUSE);
    }
  }

  /** What getsockname says of a socket without an address. */
  public static SocketAddress unknown(Family family) {
    return switch (family) {
      case INET -> new InetSocketAddress("0.0.0.0", 0);
      case INET6 -> new InetSocketAddress("::", 0);
      case UNIX -> UnixNames.UNNAMED;
    };
  }

  /** The peer of an accepted channel, as accept told it: it may have gone since. */
  public static SocketAddress peerOf(Channel accepted, Family family) {
    SocketAddress told = accepted.remoteAddress();
    if (told == null) return unknown(family);
    boolean isNative = told instanceof DomainSocketAddress && accepted instanceof UnixChannel;
    return isNative ? peerOf((UnixChannel) accepted, (DomainSocketAddress) told) : fromNetty(told);
  }

  private static SocketAddress peerOf(UnixChannel channel, DomainSocketAddress told) {
    return UnixNames.peerOf((Socket) channel.fd(), told);
  }

  /**
   * The text of what a peer may have named, on one line: what would end that is a question mark.
   */
  public static String oneLine(Object named) {
    return UNPRINTED.matcher(String.valueOf(named)).replaceAll("?");
  }

  /** The path of a Unix domain address that fits into the system's structure. */
  public static String path(UnixDomainSocketAddress address) {
    String path = address.getPath().toString();
    int length = path.getBytes(StandardCharsets.UTF_8).length;
    if (length > LONGEST_PATH) {
      throw new OsException(
          Errno.ENAMETOOLONG,
          "AF_UNIX path too long: " + length + " > " + LONGEST_PATH + " bytes: " + oneLine(path));
    }
    return path;
  }

  /**
   * Python resolves names in connect and bind; in Java the address has been resolved, or has failed
   * to be.
   */
  public static void needResolved(SocketAddress address) {
    if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
      throw new OsException(
          Errno.EAI_NONAME, Errno.EAI_NONAME.text() + ": " + inet.getHostString());
    }
  }
}
