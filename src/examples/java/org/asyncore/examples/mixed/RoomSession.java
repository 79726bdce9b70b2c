package org.asyncore.examples.mixed;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.asyncore.asynchat.AsyncChat;
import org.asyncore.transport.AsyncSocket;

/**
 * One guest of a chat room: {@code ChatSession} of src/examples/python/chat_room.py, line for line.
 * The room may be Python's or Java's.
 */
public class RoomSession extends AsyncChat {
  /** What a guest asks of its room. */
  public interface Room {
    /** Deals a name. */
    String guestName();

    /** The names of all guests, as {@code /who} tells them. */
    String names();

    /** Tells all guests. */
    void say(String text);

    /** A guest has gone. */
    void leave(RoomSession session);
  }

  private final Room room;
  private String name;
  private boolean leaving;

  @SuppressWarnings("this-escape") // As every dispatcher: its map knows it from now on.
  public RoomSession(Room room, AsyncSocket socket) {
    super(socket);
    this.room = room;
    name = room.guestName();
    setTerminator(new byte[] {'\n'});
  }

  /** How the others call this guest. */
  public String name() {
    return name;
  }

  @Override
  public void collectIncomingData(byte[] data) {
    appendIncomingData(data);
  }

  @Override
  public void foundTerminator() {
    String line = new String(takeIncomingData(), UTF_8).strip();
    if (leaving) return; // What was sent along with /quit.
    if (line.equals("/quit")) {
      leaving = true;
      tell("bye");
      closeWhenDone();
    } else if (line.equals("/who")) {
      tell(room.names());
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
