package org.asyncore.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.asyncore.SocketMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The chat room as it moves from Python to Java, on the library: all Python, then its sessions
 * Java's. Its guests hear what those of {@link ChatLadderIT} hear, where the room that is all Java
 * is tested, byte for byte.
 */
class MixedRoomTest {
  private static final int START_SECONDS = 180;

  @ParameterizedTest
  @ValueSource(strings = {"chat_room.py", "mixed_chat_room.py"})
  void itsGuestsNoticeNothing(String program) throws Exception {
    assumeTrue(new SocketMap().transport().name().equals("epoll"), "no epoll here");
    int port = ChatLadderIT.freePort();
    String path = Path.of("src", "examples", "python", program).toString();
    try (Child room =
        Child.ofClass("org.asyncore.python.Run", List.of(), path, Integer.toString(port))) {
      LinePeer first = LinePeer.patiently(port, START_SECONDS);
      assertEquals(ChatLadderIT.HEARD, ChatLadderIT.session(port, first), room::toString);
    }
  }
}
