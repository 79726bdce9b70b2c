package org.asyncore.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.asyncore.SocketMap;
import org.asyncore.fixture.ScriptedSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What costs the square of its bytes in Python, at sizes where that would be minutes and more. */
class AsyncChatCostTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int MIB = 1 << 20;

  private final ScriptedSocket wire = ScriptedSocket.connected();
  private final Counting chat = new Counting(wire);

  /** Counts calls and bytes, and keeps nothing. */
  private static final class Counting extends AsyncChat {
    long byteCount;
    int foundCount;

    Counting(ScriptedSocket wire) {
      super(wire, new SocketMap(wire.transport()));
    }

    @Override
    public void collectIncomingData(byte[] data) {
      byteCount += data.length;
    }

    @Override
    public void foundTerminator() {
      foundCount++;
    }
  }

  @Test
  void aReadFullOfEmptyMessagesCostsItsBytes() {
    chat.setTerminator(bytes("\n"));
    String newlines = "\n".repeat(65536);
    inTime(
        () -> {
          for (int read = 0; read < 64; read++) receive(newlines);
        });
    assertEquals(64 * 65536, chat.foundCount);
  }

  @Test
  void aLongTerminatorThatAlmostComesByteByByteCostsItsBytes() {
    String almost = "a".repeat(100_000);
    chat.setTerminator(bytes(almost + "b"));
    inTime(
        () -> {
          for (int i = 0; i < MIB; i++) receive("a");
        });
    assertEquals(MIB - 100_000, chat.byteCount);
    receive("b");
    assertEquals(1, chat.foundCount);
  }

  @Test
  void aTerminatorThatAlmostComesInEveryReadCostsItsBytes() {
    chat.setTerminator(bytes("a".repeat(30_000) + "b"));
    String almost = "a".repeat(29_999) + "c";
    inTime(
        () -> {
          for (int i = 0; i < 1000; i++) receive(almost);
        });
    assertEquals(30_000_000, chat.byteCount);
  }

  @Test
  void aMessageKeptByteByByteCostsItsBytes() {
    inTime(
        () -> {
          for (int i = 0; i < 4 * MIB; i++) chat.appendIncomingData(new byte[1]);
        });
    assertEquals(4 * MIB, chat.takeIncomingData().length);
  }

  @Test
  void aLargeEntrySentInSmallPartsCostsItsBytes() {
    chat.acOutBufferSize(Integer.MAX_VALUE);
    wire.takesAtMost(256);
    inTime(
        () -> {
          chat.producerFifo().addLast(ProducerFifo.Entry.of(new byte[32 * MIB]));
          chat.initiateSend();
          while (chat.writable()) chat.handleWrite();
        });
    assertEquals(32 * MIB / 256, wire.sends().size());
  }

  @Test
  void aPushInManyPiecesCostsItsBytes() {
    chat.acOutBufferSize(8);
    inTime(
        () -> {
          chat.push(new byte[8 * MIB]);
          while (chat.writable()) chat.handleWrite();
        });
    assertEquals(MIB, wire.sends().size());
  }

  @Test
  void fewBytesHeldBackDoNotKeepTheirReadAlive() {
    InputBuffer buffer = new InputBuffer();
    buffer.append(new byte[65536]);
    buffer.keepLast(1);
    assertTrue(buffer.array().length < 100, "an array of " + buffer.array().length);
  }

  private void receive(String data) {
    wire.feed(data);
    chat.handleRead();
  }

  private static void inTime(Executable work) {
    assertTimeoutPreemptively(LIMIT, work);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
