package org.asyncore.netty.kernel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.nio.AbstractNioChannel.NioUnsafe;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.SystemOption;

/**
 * Options by the system's numbers, which only a channel over a descriptor has. What was set is
 * remembered, for a channel that takes the place of one whose connect failed.
 */
public final class SystemOptions {
  private static final SystemOption<Integer> MULTICAST_TTL =
      new SystemOption<>("IP_MULTICAST_TTL", Integer.class, 0, 33);

  private static final SystemOption<Integer> MULTICAST_HOPS =
      new SystemOption<>("IPV6_MULTICAST_HOPS", Integer.class, 41, 18);

  private static final AttributeKey<Map<SystemOption<?>, Object>> SET =
      AttributeKey.valueOf(SystemOptions.class, "set");

  private SystemOptions() {}

  static <T> T get(Channel channel, SystemOption<T> option) {
    try {
      if (channel instanceof UnixChannel unix) {
        return option.fromSystem(socket(unix).getIntOpt(option.level(), option.number()));
      }
      if (isInline(option) && channel instanceof NioSocketChannel) {
        return option.fromSystem(stream(channel).socket().getOOBInline() ? 1 : 0);
      }
    } catch (IOException | ChannelException failed) {
      throw ErrnoMapping.osException(failed);
    }
    throw unknown(option);
  }

  static void set(Channel channel, SystemOption<?> option, Object value) {
    try {
      if (channel instanceof UnixChannel unix) {
        socket(unix).setIntOpt(option.level(), option.number(), option.toSystem(value));
      } else if (isInline(option) && channel instanceof NioSocketChannel) {
        stream(channel).socket().setOOBInline((Boolean) value);
      } else {
        throw unknown(option);
      }
    } catch (IOException | ChannelException failed) {
      throw ErrnoMapping.osException(failed);
    }
    remember(channel, option, value);
  }

  private static void remember(Channel channel, SystemOption<?> option, Object value) {
    Map<SystemOption<?>, Object> known = channel.attr(SET).get();
    if (known == null) {
      known = new ConcurrentHashMap<>();
      channel.attr(SET).set(known);
    }
    known.put(option, value);
  }

  /** Has a channel that takes another's place be as that one was. */
  public static void carryOver(Channel from, Channel to) {
    Map<SystemOption<?>, Object> known = from.attr(SET).get();
    if (known != null) known.forEach((option, value) -> set(to, option, value));
  }

  private static boolean isInline(SystemOption<?> option) {
    return option.equals(SystemOption.SO_OOBINLINE);
  }

  /** Whether urgent data stays where it is among the other bytes. */
  public static boolean isInline(Socket socket) throws IOException {
    SystemOption<?> inline = (SystemOption<?>) SystemOption.SO_OOBINLINE;
    return socket.getIntOpt(inline.level(), inline.number()) != 0;
  }

  private static SocketChannel stream(Channel channel) throws SocketException {
    boolean isNio = channel.unsafe() instanceof NioUnsafe;
    if (isNio && ((NioUnsafe) channel.unsafe()).ch() instanceof SocketChannel stream) return stream;
    throw new SocketException("no stream: " + channel);
  }

  private static Socket socket(UnixChannel channel) {
    return (Socket) channel.fd();
  }

  private static OsException unknown(SystemOption<?> option) {
    return new OsException(
        Errno.ENOPROTOOPT,
        "no option of this socket by number: "
            + option.name()
            + " (docs/differences.md#options-by-jdk-names)");
  }

  // --- the TTL of multicasts, for which Netty's natives take the one of all packets ---

  static boolean isMulticastTtl(Channel channel, SocketOption<?> option) {
    return option == StandardSocketOptions.IP_MULTICAST_TTL
        && channel instanceof DatagramChannel
        && channel instanceof UnixChannel;
  }

  static Integer multicastTtl(Channel channel) {
    return get(channel, MULTICAST_TTL);
  }

  static void multicastTtl(Channel channel, int ttl) {
    set(channel, MULTICAST_TTL, ttl);
    try {
      set(channel, MULTICAST_HOPS, ttl);
    } catch (OsException notOfIpv4) {
      // An IPv4 socket has no such option, and needs none.
    }
  }
}
