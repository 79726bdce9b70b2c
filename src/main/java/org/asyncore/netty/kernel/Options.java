package org.asyncore.netty.kernel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.SystemOption;

/** Socket options by the JDK's names, and the few that a dispatcher's channel always has. */
public final class Options {
  private static final Map<SocketOption<?>, ChannelOption<?>> BY_JDK_NAME =
      Map.ofEntries(
          Map.entry(StandardSocketOptions.SO_REUSEADDR, ChannelOption.SO_REUSEADDR),
          Map.entry(StandardSocketOptions.SO_REUSEPORT, UnixChannelOption.SO_REUSEPORT),
          Map.entry(StandardSocketOptions.SO_KEEPALIVE, ChannelOption.SO_KEEPALIVE),
          Map.entry(StandardSocketOptions.SO_LINGER, ChannelOption.SO_LINGER),
          Map.entry(StandardSocketOptions.SO_RCVBUF, ChannelOption.SO_RCVBUF),
          Map.entry(StandardSocketOptions.SO_SNDBUF, ChannelOption.SO_SNDBUF),
          Map.entry(StandardSocketOptions.SO_BROADCAST, ChannelOption.SO_BROADCAST),
          Map.entry(StandardSocketOptions.TCP_NODELAY, ChannelOption.TCP_NODELAY),
          Map.entry(StandardSocketOptions.IP_TOS, ChannelOption.IP_TOS),
          Map.entry(StandardSocketOptions.IP_MULTICAST_IF, ChannelOption.IP_MULTICAST_IF),
          Map.entry(StandardSocketOptions.IP_MULTICAST_TTL, ChannelOption.IP_MULTICAST_TTL));

  /** Those of {@code jdk.net.ExtendedSocketOptions}, a module that not every JDK has. */
  private static final Map<String, ChannelOption<?>> BY_EXTENDED_NAME =
      Map.of(
          "TCP_KEEPIDLE", EpollChannelOption.TCP_KEEPIDLE,
          "TCP_KEEPINTERVAL", EpollChannelOption.TCP_KEEPINTVL,
          "TCP_KEEPCOUNT", EpollChannelOption.TCP_KEEPCNT,
          "TCP_QUICKACK", EpollChannelOption.TCP_QUICKACK);

  private Options() {}

  @SuppressWarnings("unchecked") // The table pairs options of one type.
  public static <T> T get(Channel channel, SocketOption<T> option) {
    if (option instanceof SystemOption<T> system) return SystemOptions.get(channel, system);
    if (SystemOptions.isMulticastTtl(channel, option)) {
      return (T) SystemOptions.multicastTtl(channel);
    }
    if (isOfTheDescriptor(channel, option)) return (T) reusePort(channel);
    Object value;
    try {
      value = channel.config().getOption(named(channel, option));
    } catch (ChannelException failed) {
      throw ErrnoMapping.osException(failed);
    }
    if (value == null) throw unknown(option);
    return (T) value;
  }

  /** All options of a channel that can be asked for. */
  public static Map<ChannelOption<?>, Object> all(Channel channel) {
    try {
      return channel.config().getOptions();
    } catch (ChannelException unsupported) {
      // NioDomainSocketChannel names options that the JDK does not have for it: one by one, then.
      Map<ChannelOption<?>, Object> known = new HashMap<>();
      for (ChannelOption<?> option : BY_JDK_NAME.values()) {
        Object value = ifSupported(channel, option);
        if (value != null) known.put(option, value);
      }
      return known;
    }
  }

  private static Object ifSupported(Channel channel, ChannelOption<?> option) {
    try {
      return channel.config().getOption(option);
    } catch (ChannelException unsupported) {
      return null;
    }
  }

  /** The value of an option that not all channels have; null for one that has none. */
  public static <T> T has(Channel channel, SocketOption<T> option) {
    return isOfTheDescriptor(channel, option) ? get(channel, option) : null;
  }

  @SuppressWarnings("unchecked") // The table pairs options of one type.
  public static <T> void set(Channel channel, SocketOption<T> option, T value) {
    Objects.requireNonNull(value, () -> option.name() + " is null");
    if (option instanceof SystemOption<T> system) {
      SystemOptions.set(channel, system, value);
      return;
    }
    if (SystemOptions.isMulticastTtl(channel, option)) {
      SystemOptions.multicastTtl(channel, (Integer) value);
      return;
    }
    if (isOfTheDescriptor(channel, option)) {
      reusePort(channel, (Boolean) value);
      return;
    }
    boolean isSet;
    try {
      isSet = channel.config().setOption((ChannelOption<T>) named(channel, option), value);
    } catch (ChannelException failed) {
      throw ErrnoMapping.osException(failed);
    }
    if (!isSet) throw unknown(option);
  }

  /** Netty's streams do not have it, and a listener is one until it listens. */
  private static boolean isOfTheDescriptor(Channel channel, SocketOption<?> option) {
    return option == StandardSocketOptions.SO_REUSEPORT && channel instanceof UnixChannel;
  }

  private static Boolean reusePort(Channel channel) {
    try {
      return ((Socket) ((UnixChannel) channel).fd()).isReusePort();
    } catch (IOException failed) {
      throw ErrnoMapping.osException(failed);
    }
  }

  private static void reusePort(Channel channel, boolean share) {
    try {
      ((Socket) ((UnixChannel) channel).fd()).setReusePort(share);
    } catch (IOException failed) {
      throw ErrnoMapping.osException(failed);
    }
  }

  private static ChannelOption<?> named(Channel channel, SocketOption<?> option) {
    ChannelOption<?> known = BY_JDK_NAME.get(option);
    if (known != null) return known;
    if (!(channel instanceof UnixChannel)) return NioChannelOption.of(option);
    known = BY_EXTENDED_NAME.get(option.name());
    if (known == null) throw unknown(option);
    return known;
  }

  public static OsException unknown(SocketOption<?> option) {
    return new OsException(Errno.ENOPROTOOPT, "no option of this socket: " + option.name());
  }

  /** Asyncore decides when to close: the end of the peer's stream is not the end of ours. */
  public static void allowHalfClosure(ChannelConfig config) {
    config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true); // Listening channels have none.
  }

  /** As {@link #allowHalfClosure}, and no failed write is the end, either. */
  public static void decidesOnClosing(ChannelConfig config) {
    config.setOption(ChannelOption.AUTO_CLOSE, false);
    allowHalfClosure(config);
  }

  public static void resetOnClose(Channel channel) {
    if (channel.isOpen()) resetOnClose(channel.config()); // A closed one refuses options.
  }

  private static void resetOnClose(ChannelConfig config) {
    config.setOption(ChannelOption.SO_LINGER, 0); // Unix domain sockets have none, and need none.
  }

  /**
   * Has the kernel send what it has in the background, as it does without SO_LINGER; with it the
   * system call that closes waits for the peer, and on NIO the loop for that call.
   *
   * @return whether closing drops what the peer does not have yet: SO_LINGER of 0 seconds
   */
  public static boolean closeWithoutWaiting(Channel channel) {
    if (!channel.isOpen()) return false;
    Integer seconds = channel.config().getOption(ChannelOption.SO_LINGER);
    if (seconds == null || seconds < 0) return false;
    if (seconds > 0) channel.config().setOption(ChannelOption.SO_LINGER, -1);
    return seconds == 0;
  }
}
