package org.asyncore.netty;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a loop lends is bounded, however many sockets are slow to give it back. */
class LoopBuffersTest {
  private final LoopBuffers buffers = new LoopBuffers();

  @AfterEach
  void release() {
    buffers.release();
  }

  @Test
  void sixteenSocketsMayHoldWhatWasReadAhead() {
    List<ByteBuf> held = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      ByteBuf buffer = buffers.forReadingAhead(8192);
      assertNotNull(buffer, "number " + i);
      held.add(buffer);
    }
    assertNull(buffers.forReadingAhead(8192));
    held.remove(5).release();
    ByteBuf again = buffers.forReadingAhead(LoopBuffers.SIZE);
    assertNotNull(again);
    held.add(again);
    assertNull(buffers.forReadingAhead(8192));
    for (ByteBuf buffer : held) buffer.release();
  }

  @Test
  void whatAChannelKeepsIsItsOwnAndAnotherTakesItsPlace() {
    List<ByteBuf> kept = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ByteBuf buffer = buffers.forSending();
      assertNotNull(buffer, "number " + i);
      kept.add(buffer.retain());
      buffers.giveBack(buffer);
    }
    for (ByteBuf buffer : kept) buffer.release();
  }

  @Test
  void whatCameBackIsLentAgain() {
    ByteBuf buffer = buffers.forSending();
    buffers.giveBack(buffer);
    assertSame(buffer, buffers.forSending());
    buffers.giveBack(buffer);
  }
}
