package org.asyncore.compat.play;

import java.util.Locale;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.compat.scenario.ScenarioException;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.PipeEnd;

/** The classes of the library that a channel can extend. */
enum Kind {
  DISPATCHER,
  DISPATCHER_WITH_SEND,
  ASYNC_CHAT,
  FILE_DISPATCHER;

  /** The kind that a declaration names. */
  static Kind of(String text) {
    for (Kind kind : values()) {
      if (kind.text().equals(text)) return kind;
    }
    throw new ScenarioException("no kind " + text);
  }

  /** As in Python. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * A new channel.
   *
   * @param socket null for none
   * @param map null for the global one
   */
  Dispatcher make(Script script, AsyncSocket socket, SocketMap map) {
    return script.whileBuilding(
        () ->
            switch (this) {
              case DISPATCHER -> new DispatcherChannel(script, socket, map);
              case DISPATCHER_WITH_SEND -> new WithSendChannel(script, socket, map);
              case ASYNC_CHAT -> new ChatChannel(script, socket, map);
              case FILE_DISPATCHER -> throw new ScenarioException("a file without a descriptor");
            });
  }

  /** A new channel over a file. */
  static Dispatcher make(Script script, PipeEnd file, SocketMap map) {
    return script.whileBuilding(() -> new FileChannel(script, file.fileno(), map));
  }
}
