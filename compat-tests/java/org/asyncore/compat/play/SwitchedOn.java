package org.asyncore.compat.play;

import java.time.Duration;
import java.util.List;
import org.asyncore.Dispatcher;
import org.asyncore.FileDispatcher;
import org.asyncore.SocketMap;
import org.asyncore.limits.Timeouts;
import org.asyncore.transport.SocketType;

/**
 * What {@code -Dcompat.with} adds to each channel, or map, that no trace may show: {@code idle}, an
 * idle timeout, and {@code read-ahead}.
 */
final class SwitchedOn {
  private static final List<String> NAMES = List.of("idle", "read-ahead");

  private static final List<String> WITH =
      List.of(System.getProperty("compat.with", "").split(",", 0));

  private SwitchedOn() {}

  static {
    for (String name : WITH) {
      if (name.isEmpty() || NAMES.contains(name)) continue;
      throw new IllegalArgumentException("compat.with is not of " + NAMES + ": " + name);
    }
  }

  /** For a channel that has just got its socket. */
  static void by(Dispatcher channel) {
    if (!WITH.contains("idle") || channel instanceof FileDispatcher || channel.accepting()) return;
    if (channel.socket().type() != SocketType.STREAM) return;
    Timeouts.of(channel).idle(Duration.ofMinutes(10));
  }

  /** For a map that nobody has used yet. */
  static SocketMap by(SocketMap map) {
    if (WITH.contains("read-ahead")) map.readAhead(true);
    return map;
  }
}
