package org.asyncore.netty.socket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import org.asyncore.fixture.Ascii;
import org.asyncore.netty.loop.LoopBuffers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is held back of one connection, by a loop's buffer and by one of an allocator. */
class HeldBytesTest {
  private final LoopBuffers buffers = new LoopBuffers();
  private final HeldBytes held = new HeldBytes();
  private String written = "";

  @AfterEach
  void release() {
    buffers.release();
  }

  private void begin() {
    held.begin(buffers.forSending(), buffers);
  }

  private void send(String text) {
    held.add(Ascii.bytes(text), 0, text.length());
    held.sendEnded();
  }

  /** As the watch: so many bytes from the front leave past the channel. */
  private String leaves(int byteCount) {
    byte[] left = new byte[byteCount];
    held.memory().get(left);
    held.sentPast(byteCount);
    return new String(left, ISO_8859_1);
  }

  private int handTo() {
    return held.handTo(
        bytes -> {
          written += bytes.toString(ISO_8859_1);
          bytes.release();
        });
  }

  @Test
  void severalSendsAreOneWrite() {
    begin();
    send("one");
    ByteBuffer more = ByteBuffer.wrap(Ascii.bytes("-two-"), 1, 4);
    held.add(more, 3);
    held.sendEnded();
    assertEquals(1, more.remaining());
    assertEquals(6, handTo());
    assertEquals("onetwo", written);
    assertTrue(held.isEmpty());
  }

  @Test
  void whatHasLeftIsNotWritten() {
    begin();
    send("onetwo");
    assertEquals("one", leaves(3));
    send("three");
    assertEquals(8, held.left());
    assertEquals(8, handTo());
    assertEquals("twothree", written);
  }

  @Test
  void whereAllHasLeftNothingIsWritten() {
    begin();
    send("one");
    leaves(3);
    assertFalse(held.isEmpty());
    assertEquals(0, handTo());
    assertEquals("", written);
    assertTrue(held.isEmpty());
    assertEquals(0, held.left());
  }

  /** Nobody sees half of a send. */
  @Test
  void whatASendHasAddedIsThereWhenItEnds() {
    begin();
    send("one");
    held.add(Ascii.bytes("two"), 0, 3);
    assertEquals(3, held.left());
    assertEquals(6, handTo());
    assertEquals("onetwo", written);
  }

  @Test
  void aLoopsBufferComesBackAndBeginsAnew() {
    begin();
    send("one");
    leaves(2);
    handTo();
    ByteBuf again = buffers.forSending();
    held.begin(again, buffers);
    assertEquals(0, held.left());
    send("two");
    assertEquals("two", leaves(3));
    held.drop();
    assertSame(again, buffers.forSending());
    buffers.giveBack(again);
  }

  @Test
  void anAllocatorsBufferGrowsAndIsReleased() {
    ByteBuf own = UnpooledByteBufAllocator.DEFAULT.directBuffer(2);
    held.begin(own, null);
    assertFalse(held.hasRoomFor(3));
    held.grow(3);
    send("one");
    assertEquals(3, handTo());
    assertEquals(0, own.refCnt());
    held.drop();
    held.release();
    assertEquals("one", written);
  }
}
