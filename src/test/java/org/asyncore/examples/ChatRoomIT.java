package org.asyncore.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.asyncore.SocketMap;
import org.junit.jupiter.api.Test;

class ChatRoomIT {
  @Test
  void everybodyHearsEverybody() throws IOException {
    try (Serving room = open();
        LinePeer ann = new LinePeer(room.port())) {
      assertEquals("* guest1 is here", ann.line());
      try (LinePeer bob = new LinePeer(room.port())) {
        assertEquals("* guest2 is here", ann.line());
        assertEquals("* guest2 is here", bob.line());
        ann.send("/name Ann\n");
        assertEquals("* guest1 is now Ann", bob.line());
        bob.trickle("hello\r\n");
        assertEquals("guest2: hello", bob.line());
        ann.readUntil("guest2: hello\r\n");
        bob.send("/who\n");
        assertEquals("Ann, guest2", bob.line());
      }
      assertEquals("* guest2 has left", ann.line());
    }
  }

  @Test
  void quitIsAnsweredBeforeTheEndAndWhatIsBehindItIsNotSaid() throws IOException {
    try (Serving room = open();
        LinePeer ann = new LinePeer(room.port())) {
      ann.readUntil("here\r\n");
      ann.send("/quit\nnot said\n");
      assertEquals("bye\r\n", ann.readAll());
    }
  }

  @Test
  void aLineWithoutEndClosesItsSessionOnly() throws IOException {
    try (Serving room = open();
        LinePeer ann = new LinePeer(room.port());
        LinePeer bob = new LinePeer(room.port())) {
      ann.readUntil("guest2 is here\r\n");
      bob.send("x".repeat(5000));
      assertEquals("* guest2 has left", ann.line());
      ann.send("still here\n");
      assertEquals("guest1: still here", ann.line());
    }
  }

  private static Serving open() {
    return new Serving(new ChatRoom("127.0.0.1", 0, new SocketMap()));
  }
}
