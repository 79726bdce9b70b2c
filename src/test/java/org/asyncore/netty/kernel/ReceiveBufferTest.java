package org.asyncore.netty.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ReceiveBufferTest {
  private final ReceiveBuffer received = new ReceiveBuffer();
  private final ByteBuf first = piece("abcd");
  private final ByteBuf second = piece("ef");
  private final ByteBuf third = piece("ghi");

  @Test
  void bytesComeInOrderAcrossPiecesAndAreCutWhereAsked() {
    addAll();
    assertEquals(9, received.byteCount());
    assertEquals("abc", text(received.take(3)));
    assertEquals("defg", text(received.take(4)));
    assertEquals("hi", text(received.take(100)));
    assertEquals(0, received.byteCount());
    assertEquals("", text(received.take(100)));
  }

  @Test
  void aPieceIsReleasedWithItsLastByteAndNotBefore() {
    addAll();
    received.take(3);
    assertEquals(1, first.refCnt());
    received.take(1);
    assertEquals(0, first.refCnt());
    assertEquals(1, second.refCnt());
    received.take(5);
    assertEquals(0, second.refCnt());
    assertEquals(0, third.refCnt());
  }

  @Test
  void aBufferIsFilledUpToItsLimitWhichStaysWhereItWas() {
    addAll();
    ByteBuffer target = ByteBuffer.allocate(10).position(1).limit(6);
    assertEquals(5, received.take(target));
    assertEquals(6, target.position());
    assertEquals(6, target.limit());
    assertEquals("abcde", new String(target.array(), 1, 5, US_ASCII));
    assertEquals(0, received.take(target));
    ByteBuffer direct = ByteBuffer.allocateDirect(10);
    assertEquals(4, received.take(direct));
    assertEquals(4, direct.position());
    assertEquals(10, direct.limit());
    assertEquals(0, third.refCnt());
  }

  @Test
  void emptyPiecesAreReleasedAtOnce() {
    ByteBuf empty = Unpooled.buffer(8);
    received.add(empty);
    assertEquals(0, empty.refCnt());
    assertEquals(0, received.byteCount());
    addAll();
    assertEquals("abcdefghi", text(received.take(9)));
  }

  @Test
  void releasingLetsGoOfAllAndItIsUsableAgain() {
    addAll();
    received.take(1);
    received.release();
    assertEquals(0, first.refCnt() + second.refCnt() + third.refCnt());
    assertEquals(0, received.byteCount());
    received.release();
    ByteBuf another = piece("xyz");
    received.add(another);
    assertEquals("xyz", text(received.take(9)));
    assertEquals(0, another.refCnt());
  }

  private void addAll() {
    received.add(first);
    received.add(second);
    received.add(third);
  }

  private static ByteBuf piece(String text) {
    return Unpooled.copiedBuffer(text, US_ASCII);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, US_ASCII);
  }
}
