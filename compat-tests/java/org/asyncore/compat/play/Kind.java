package org.asyncore.compat.play;

import java.util.Locale;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.FileDispatcher;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.compat.scenario.ScenarioException;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.PipeEnd;

/** The classes of the library that a channel can extend. */
enum Kind {
  DISPATCHER(Dispatcher.class),
  DISPATCHER_WITH_SEND(DispatcherWithSend.class),
  ASYNC_CHAT(AsyncChat.class),
  FILE_DISPATCHER(FileDispatcher.class);

  private static final Class<?>[] OVER_SOCKET = {AsyncSocket.class, SocketMap.class};
  private static final Class<?>[] OVER_FILE = {int.class, SocketMap.class};

  private final Class<? extends Dispatcher> type;

  Kind(Class<? extends Dispatcher> type) {
    this.type = type;
  }

  /** The kind that a declaration names. */
  static Kind of(String text) {
    for (Kind kind : values()) {
      if (kind.text().equals(text)) return kind;
    }
    throw new ScenarioException("no kind " + text);
  }

  /** Makes the classes of all kinds, which takes longer than a scenario does. */
  static void prepare() {
    for (Kind kind : values()) ScriptedClass.of(kind.type);
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
    if (this == FILE_DISPATCHER) throw new ScenarioException("a file without a descriptor");
    return ScriptedClass.of(type).make(script, OVER_SOCKET, socket, map);
  }

  /** A new channel over a file. */
  static Dispatcher make(Script script, PipeEnd file, SocketMap map) {
    ScriptedClass scripted = ScriptedClass.of(FILE_DISPATCHER.type);
    return scripted.make(script, OVER_FILE, file.fileno(), map);
  }
}
