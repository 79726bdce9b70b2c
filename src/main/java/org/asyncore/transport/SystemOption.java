package org.asyncore.transport;

import java.net.SocketOption;
import java.util.Objects;

/**
 * A socket option by the numbers that the system knows it by, for {@code setsockopt} and {@code
 * getsockopt}: what the JDK has no name for. Its values are the system's {@code int}s; of a flag,
 * whether that is not 0.
 *
 * <pre>{@code
 * socket.setsockopt(SystemOption.SO_OOBINLINE, true);
 * socket.setsockopt(SystemOption.number("TCP_USER_TIMEOUT", 6, 18), 30_000);
 * }</pre>
 *
 * <p>On epoll, and for sockets that have such an option: others are {@link Errno#ENOPROTOOPT}, as
 * are all on NIO but {@link #SO_OOBINLINE} of streams (docs/differences.md#options-by-jdk-names).
 *
 * @param name what messages call it
 * @param type {@code Integer} or {@code Boolean}
 * @param level such as 1, Linux's {@code SOL_SOCKET}
 * @param number such as 10, Linux's {@code SO_OOBINLINE}
 */
public record SystemOption<T>(String name, Class<T> type, int level, int number)
    implements SocketOption<T> {
  /** Whether urgent data comes among the rest, at its place, and not by {@code recvUrgent}. */
  public static final SocketOption<Boolean> SO_OOBINLINE = flag("SO_OOBINLINE", 1, 10);

  /**
   * Whether an IPv6 socket leaves IPv4 to others. Set before {@code bind}. On NIO there is no way
   * to set it but to bind to an IPv6 address instead of to any.
   */
  public static final SocketOption<Boolean> IPV6_V6ONLY = flag("IPV6_V6ONLY", 41, 26);

  /** See the class; an option is a {@link #number} or a {@link #flag}. */
  public SystemOption {
    Objects.requireNonNull(name, "name is null");
    if (type != Integer.class && type != Boolean.class) {
      throw new IllegalArgumentException("type is neither Integer nor Boolean: " + type);
    }
  }

  /** An option whose value is a number. */
  public static SocketOption<Integer> number(String name, int level, int number) {
    return new SystemOption<>(name, Integer.class, level, number);
  }

  /** An option that is on or off. */
  public static SocketOption<Boolean> flag(String name, int level, int number) {
    return new SystemOption<>(name, Boolean.class, level, number);
  }

  /** A value as the system has it. */
  public int toSystem(Object value) {
    return value instanceof Boolean on ? (on ? 1 : 0) : (Integer) value;
  }

  /** The system's value as one of this option's. */
  public T fromSystem(int value) {
    return type.cast(type == Boolean.class ? (Object) (value != 0) : (Object) value);
  }
}
