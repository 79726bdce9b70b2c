package org.asyncore.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.List;
import org.asyncore.fixture.ScriptedSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a socket does with buffers that says only what it does with arrays. */
class BuffersByCopyTest {
  private final ScriptedSocket socket = ScriptedSocket.connected();

  enum Memory {
    HEAP,
    SLICE,
    DIRECT,
    READ_ONLY;

    /** A buffer of which "hello" is left, between other bytes. */
    ByteBuffer hello() {
      ByteBuffer all = this == DIRECT ? ByteBuffer.allocateDirect(12) : ByteBuffer.allocate(12);
      all.put("..(hello)...".getBytes(US_ASCII)).flip().position(2);
      if (this == SLICE) all = all.slice();
      if (this == READ_ONLY) all = all.asReadOnlyBuffer();
      return all.position(all.position() + 1).limit(all.position() + 5);
    }
  }

  @ParameterizedTest
  @EnumSource
  void onlyWhatWasTakenMovesThePosition(Memory memory) {
    ByteBuffer data = memory.hello();
    int start = data.position();
    socket.room(3);
    assertEquals(3, socket.send(data));
    assertEquals(start + 3, data.position());
    assertThrows(WouldBlockException.class, () -> socket.send(data));
    assertEquals(start + 3, data.position());
    socket.room(9);
    assertEquals(2, socket.send(data));
    assertEquals(data.limit(), data.position());
    assertEquals(List.of("hel", "lo"), socket.sends());
  }

  @ParameterizedTest
  @EnumSource
  void whatComesFillsTheRoomAndNoMore(Memory memory) {
    ByteBuffer target = memory.hello();
    int start = target.position();
    socket.feed("worlds");
    if (memory == Memory.READ_ONLY) {
      assertThrows(ReadOnlyBufferException.class, () -> socket.recv(target));
      assertEquals(start, target.position());
      assertEquals("worlds", new String(socket.recv(9), US_ASCII));
      return;
    }
    assertEquals(5, socket.recv(target));
    assertEquals("world", US_ASCII.decode(target.position(start)).toString());
    assertEquals("s", new String(socket.recv(9), US_ASCII));
    assertThrows(WouldBlockException.class, () -> socket.recv(target.position(start)));
    assertEquals(start, target.position());
  }
}
