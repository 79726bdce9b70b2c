package org.asyncore.netty.kernel;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.DomainDatagramSocketAddress;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.UnixName;

/**
 * Names of Unix domain sockets. A peer gives itself any bytes for a name, and both Netty and the
 * JDK make text of them: what is no text has lost its bytes by then.
 *
 * <p>Nothing that a peer may be called makes these methods throw.
 */
public final class UnixNames {
  public static final UnixDomainSocketAddress UNNAMED = UnixDomainSocketAddress.of("");

  /** Where decoding found bytes that are no text. */
  private static final char LOST = '\ufffd';

  // Linux's, which are the same on all machines that Netty has natives for.
  private static final int SOL_SOCKET = 1;
  private static final int SO_PEERNAME = 28;

  /** What precedes a name in the system's address: the family. */
  private static final int FAMILY_BYTES = 2;

  private static final int LONGEST_ADDRESS = 110;

  private UnixNames() {}

  /** A name as the JDK tells it; the unnamed one if bytes of it are lost. */
  static SocketAddress fromJdk(UnixDomainSocketAddress told) {
    return told.getPath().toString().indexOf(LOST) < 0 ? told : UNNAMED;
  }

  /** A name as Netty tells it; the unnamed one if bytes of it are lost. */
  public static SocketAddress fromNetty(DomainSocketAddress told) {
    return isLost(told) ? UNNAMED : of(told.path().getBytes(charsetOf(told)));
  }

  /** The name of a socket's peer, as Netty tells it and if need be as the system does. */
  public static SocketAddress peerOf(Socket socket, DomainSocketAddress told) {
    return isLost(told) ? of(peerBytes(socket)) : fromNetty(told);
  }

  private static boolean isLost(DomainSocketAddress told) {
    return told.path().indexOf(LOST) >= 0;
  }

  /** How Netty has made text of a name: of streams' in Java's default charset. */
  private static Charset charsetOf(DomainSocketAddress told) {
    Charset charset = Charset.defaultCharset();
    boolean isUtf8 = told instanceof DomainDatagramSocketAddress; // Or made by a program, of text:
    return isUtf8 || !charset.newEncoder().canEncode(told.path())
        ? StandardCharsets.UTF_8
        : charset;
  }

  /** The address of a name, a path if it is one to Netty and to the JDK. */
  private static SocketAddress of(byte[] name) {
    if (name.length == 0) return UNNAMED;
    String text = new String(name, StandardCharsets.UTF_8);
    if (name[0] == 0 || !isText(name, text)) return UnixName.of(name);
    try {
      return UnixDomainSocketAddress.of(text);
    } catch (InvalidPathException otherCharset) {
      return UnixName.of(name);
    }
  }

  private static boolean isText(byte[] name, String text) {
    return Arrays.equals(name, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The peer's name, without a path's end; no bytes if there is none. */
  private static byte[] peerBytes(Socket socket) {
    // The system refuses to tell more bytes than there are, and does not say how many those are.
    for (int byteCount = LONGEST_ADDRESS; byteCount > FAMILY_BYTES; byteCount--) {
      ByteBuffer address = ByteBuffer.allocateDirect(byteCount);
      if (!tellsPeer(socket, address)) continue;
      byte[] name = new byte[byteCount - FAMILY_BYTES];
      address.position(FAMILY_BYTES).get(name);
      boolean hasEnd = name[0] != 0 && name[name.length - 1] == 0;
      return hasEnd ? Arrays.copyOf(name, name.length - 1) : name;
    }
    return new byte[0];
  }

  private static boolean tellsPeer(Socket socket, ByteBuffer address) {
    try {
      socket.getRawOpt(SOL_SOCKET, SO_PEERNAME, address);
      address.clear();
      return true;
    } catch (IOException | ChannelException refused) {
      return false; // Longer than the peer's, or there is no peer.
    }
  }

  /** A name for Netty's native channels, which make UTF-8 of it. */
  public static DomainSocketAddress toNetty(UnixName name) {
    String text = new String(name.bytes(), StandardCharsets.UTF_8);
    if (isText(name.bytes(), text)) return new DomainSocketAddress(text);
    throw new OsException(
        Errno.EINVAL,
        "not UTF-8: " + name + " (docs/differences.md#addresses-are-socket-addresses)");
  }
}
