package org.asyncore.netty.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

  private static ByteBuf read(ByteBuf buffer, int byteCount, int value) {
    for (int i = 0; i < byteCount; i++) buffer.writeByte(value);
    return buffer;
  }

  @Test
  void whatNobodyHasTakenYetIsNotOverwrittenByTheNextReads() {
    List<ByteBuf> held = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      ByteBuf buffer = buffers.forReceiving(LoopBuffers.SIZE, 64);
      assertNotNull(buffer, "number " + i);
      assertTrue(buffers.isLent(buffer));
      held.add(read(buffer, 1 + i * 700, i));
    }
    for (int i = 0; i < 8; i++) {
      assertEquals(1 + i * 700, held.get(i).readableBytes());
      while (held.get(i).isReadable()) assertEquals(i, held.get(i).readByte());
    }
    for (ByteBuf buffer : held) buffer.release();
    assertFalse(buffers.isLending());
  }

  @Test
  void nothingIsLentBeforeItIsKnownWhatTheLastReadTakes() {
    ByteBuf first = buffers.forReceiving(LoopBuffers.SIZE, 64);
    assertNull(buffers.forReceiving(LoopBuffers.SIZE, 1));
    read(first, 1, 1);
    ByteBuf second = buffers.forReceiving(LoopBuffers.SIZE, 1);
    assertNotNull(second);
    second.release();
    first.release();
    ByteBuf again = buffers.forReceiving(LoopBuffers.SIZE, 64);
    assertSame(first, again);
    assertFalse(again.isReadable());
    again.release();
  }

  @Test
  void aReadGetsTheRestOfABlockIfThatIsEnoughForIt() {
    ByteBuf first = read(buffers.forReceiving(LoopBuffers.SIZE, 64), 61 * 1024 + 1, 1);
    ByteBuf other = buffers.forReceiving(LoopBuffers.SIZE, 2049);
    assertEquals(LoopBuffers.SIZE, other.capacity(), "of another block");
    read(other, 1, 2);
    ByteBuf rest = buffers.forReceiving(LoopBuffers.SIZE, 2048);
    assertEquals(2048, rest.capacity());
    first.release();
    other.release();
    rest.release();
    assertFalse(buffers.isLending());
  }

  @Test
  void eightReadsOfFullSizeMayWaitToBeTaken() {
    List<ByteBuf> held = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      ByteBuf buffer = buffers.forReceiving(LoopBuffers.SIZE, LoopBuffers.SIZE);
      assertNotNull(buffer, "number " + i);
      held.add(read(buffer, LoopBuffers.SIZE, i));
    }
    assertNull(buffers.forReceiving(LoopBuffers.SIZE, 1));
    held.remove(5).release();
    held.add(buffers.forReceiving(LoopBuffers.SIZE, LoopBuffers.SIZE));
    for (ByteBuf buffer : held) buffer.release();
    assertNull(buffers.forReceiving(LoopBuffers.SIZE + 1, 1), "too large");
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
