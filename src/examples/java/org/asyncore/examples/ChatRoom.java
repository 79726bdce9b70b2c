package org.asyncore.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.net.SocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.transport.AsyncSocket;

/**
 * A room where everybody hears everybody: src/examples/python/chat_room.py, line for line, and two
 * limits more. Speak to it with {@code nc}; {@code /name}, {@code /who} and {@code /quit}.
 *
 * <p>The programs of package {@code migrating} take it to native Netty, step by step.
 */
public class ChatRoom extends Dispatcher {
  /** One guest. */
  public static class ChatSession extends AsyncChat {
    private final ChatRoom room;
    private String name;
    private boolean leaving;

    @SuppressWarnings("this-escape") // As every dispatcher: its map knows it from now on.
    public ChatSession(ChatRoom room, AsyncSocket socket) {
      super(socket, room.map());
      this.room = room;
      name = room.guestName();
      setTerminator(new byte[] {'\n'});
      maxIncoming(4096); // A line without end closes its session.
      maxOutgoing(1 << 20); // So does a peer that does not read what the others say.
    }

    @Override
    public void collectIncomingData(byte[] data) {
      appendIncomingData(data);
    }

    @Override
    public void foundTerminator() {
      heard(new String(takeIncomingData(), UTF_8).strip());
    }

    /** A line came, without its end. */
    public void heard(String line) {
      if (leaving) return; // What was sent along with /quit.
      if (line.equals("/quit")) {
        leaving = true;
        tell("bye");
        closeWhenDone();
      } else if (line.equals("/who")) {
        tell(room.sessions.stream().map(session -> session.name).collect(joining(", ")));
      } else if (line.startsWith("/name ")) {
        String before = name;
        name = line.substring(6).strip();
        room.say("* " + before + " is now " + name);
      } else if (!line.isEmpty()) {
        room.say(name + ": " + line);
      }
    }

    /** Sends a line. */
    public void tell(String text) {
      push((text + "\r\n").getBytes(UTF_8));
    }

    @Override
    public void handleClose() {
      super.handleClose();
      room.leave(this);
    }
  }

  private final Set<ChatSession> sessions = new LinkedHashSet<>();
  private int guests;

  public ChatRoom(String host, int port) {
    this(host, port, null);
  }

  /** A room in a map of one's own; null for the default one. */
  public ChatRoom(String host, int port, SocketMap map) {
    super(map);
    createSocket();
    setReuseAddr();
    bind(host, port);
    listen(5);
  }

  /** A room without a door of its own: others accept, and call {@link #join}. */
  public ChatRoom(SocketMap map) {
    super(map);
  }

  @Override
  public void handleAccepted(AsyncSocket socket, SocketAddress address) {
    join(socket);
  }

  /** Lets a connection in. */
  public ChatSession join(AsyncSocket socket) {
    ChatSession session = newSession(socket);
    sessions.add(session);
    say("* " + session.name + " is here");
    return session;
  }

  /** For rooms with guests of another kind. */
  protected ChatSession newSession(AsyncSocket socket) {
    return new ChatSession(this, socket);
  }

  private String guestName() {
    return "guest" + ++guests;
  }

  private void say(String text) {
    for (ChatSession session : List.copyOf(sessions)) session.tell(text); // Telling may close it.
  }

  private void leave(ChatSession session) {
    if (sessions.remove(session)) say("* " + session.name + " has left");
  }

  public static void main(String[] args) throws InterruptedException {
    new ChatRoom("127.0.0.1", Integer.parseInt(args[0]));
    Asyncore.loop();
  }
}
