package org.asyncore.netty.nio;

import java.io.IOException;
import java.net.SocketOption;
import java.nio.channels.NetworkChannel;
import java.util.Objects;
import java.util.Set;

/** Options of the JDK's channels, where one channel takes another's place. */
final class NioOptions {
  private NioOptions() {}

  /** Gives a channel what another one has of the options that both know. */
  static void carryOver(NetworkChannel from, NetworkChannel to) throws IOException {
    Set<SocketOption<?>> known = to.supportedOptions();
    for (SocketOption<?> option : from.supportedOptions()) {
      if (known.contains(option)) carryOver(from, to, option);
    }
  }

  private static <T> void carryOver(NetworkChannel from, NetworkChannel to, SocketOption<T> option)
      throws IOException {
    T value = from.getOption(option);
    if (value != null && !Objects.equals(value, to.getOption(option))) to.setOption(option, value);
  }
}
