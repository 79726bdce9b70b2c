package org.asyncore.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.transport.Errno;
import org.junit.jupiter.api.Test;

class AsyncChatOutputTest {
  private final RecordingChat chat = RecordingChat.overConnected();

  @Test
  void aPushIsCutIntoPiecesOfWhichOneGoesAtOnceAndOneEachPass() {
    chat.acOutBufferSize(4);
    chat.push(bytes("abcdefghij"));
    assertEquals(List.of("abcd"), chat.wire.sends());
    assertEquals("[Piece[4 bytes], Piece[2 bytes]]", chat.producerFifo().toString());
    chat.calls.pass();
    chat.calls.pass();
    assertEquals(List.of("abcd", "efgh", "ij"), chat.wire.sends());
    assertFalse(chat.writable());
  }

  @Test
  void aPieceThatWasSentInPartGoesOnWhereItStopped() {
    chat.wire.takesAtMost(3);
    chat.push(bytes("abcdefgh"));
    assertEquals(5, chat.producerFifo().byteCount());
    chat.calls.pass();
    chat.calls.pass();
    assertEquals(List.of("abc", "def", "gh"), chat.wire.sends());
    assertEquals(0, chat.producerFifo().byteCount());
  }

  @Test
  void nothingIsLostWhileThereIsNoRoom() {
    chat.wire.room(0);
    chat.push(bytes("later"));
    assertEquals(1, chat.producerFifo().size());
    chat.calls.pass();
    chat.wire.room(100);
    chat.calls.pass();
    assertEquals("later", chat.wire.sent());
  }

  @Test
  void aLongQueueIsGivenBackOnceItIsEmpty() {
    chat.wire.room(0);
    for (int i = 0; i < 5_000; i++) chat.push(bytes("x"));
    assertEquals(5_000, chat.producerFifo().mostEntries());
    chat.wire.room(Integer.MAX_VALUE);
    while (chat.writable()) chat.handleWrite();
    assertEquals(0, chat.producerFifo().mostEntries());
    assertEquals("x".repeat(5_000), chat.wire.sent());
    chat.wire.room(0);
    for (int i = 0; i < 5_000; i++) chat.push(bytes("x"));
    chat.discardBuffers();
    assertEquals(0, chat.producerFifo().mostEntries());
  }

  @Test
  void anEmptyPieceIsGoneBeforeItIsSentAndCostsAPass() {
    chat.push(new byte[0]);
    assertEquals(List.of(""), chat.wire.sends());
    assertEquals(0, chat.producerFifo().size());
    chat.wire.room(0);
    chat.push(bytes("x"));
    chat.push(new byte[0]);
    chat.push(bytes("y"));
    chat.wire.room(100);
    for (int pass = 0; pass < 3; pass++) chat.calls.pass();
    assertEquals(List.of("", "x", "", "y"), chat.wire.sends());
  }

  @Test
  void nullIsRefusedAndQueuesNothing() {
    assertThrows(NullPointerException.class, () -> chat.push((byte[]) null));
    assertTrue(chat.producerFifo().isEmpty());
  }

  @Test
  void aPushedArrayMayBeChangedAtOnce() {
    chat.wire.room(0);
    byte[] data = bytes("mine");
    chat.push(data);
    chat.producerFifo().addLast(ProducerFifo.Entry.of(data));
    data[0] = 'X';
    chat.wire.room(100);
    chat.calls.pass();
    chat.calls.pass();
    assertEquals("minemine", chat.wire.sent());
  }

  @Test
  void aRangeABufferAndATextArePushedAsTheirBytes() {
    chat.push(bytes("-abc-"), 1, 3);
    ByteBuffer buffer = ByteBuffer.wrap(bytes("-def-")).position(1).limit(4);
    chat.push(buffer);
    chat.push("\u00fc", StandardCharsets.UTF_8);
    for (int pass = 0; pass < 4; pass++) chat.calls.pass();
    assertEquals("abcdef\u00c3\u00bc", chat.wire.sent());
    assertEquals(0, buffer.remaining());
  }

  @Test
  void aRangeBeyondTheArrayIsRefusedAndABufferOverTheLimitIsLeftAlone() {
    chat.onError(thrown -> {});
    assertThrows(IndexOutOfBoundsException.class, () -> chat.push(bytes("abc"), 1, 3));
    chat.maxOutgoing(2);
    ByteBuffer buffer = ByteBuffer.wrap(bytes("abc"));
    chat.push(buffer);
    assertEquals(3, buffer.remaining());
    assertTrue(chat.producerFifo().isEmpty());
  }

  @Test
  void whatIsPushedBeforeTheConnectionWaitsForIt() {
    RecordingChat early = RecordingChat.over(new ScriptedSocket());
    early.setTerminator(null);
    early.connect(ScriptedSocket.address(25));
    early.push(bytes("early"));
    assertTrue(early.writable());
    assertEquals(List.of(), early.wire.sends());
    early.calls.pass();
    assertEquals(List.of("handleConnect"), early.calls);
    assertEquals("early", early.wire.sent());
  }

  @Test
  void withNothingToSendItIsWritableUntilItIsConnected() {
    RecordingChat early = RecordingChat.over(new ScriptedSocket());
    early.connect(ScriptedSocket.address(25));
    assertTrue(early.writable());
    early.calls.pass();
    assertFalse(early.writable());
  }

  @Test
  void closeWhenDoneClosesInThePassAfterTheLastByte() {
    chat.acOutBufferSize(4);
    chat.push(bytes("12345678"));
    chat.closeWhenDone();
    chat.calls.pass();
    assertEquals("12345678", chat.wire.sent());
    assertFalse(chat.wire.isClosed());
    chat.calls.pass();
    assertEquals(List.of("handleClose"), chat.calls);
    assertTrue(chat.wire.isClosed());
  }

  @Test
  void closeWhenDoneWithNothingToSendWaitsForAPassOrAPush() {
    chat.closeWhenDone();
    assertEquals(List.of(), chat.calls);
    chat.push(bytes("too late"));
    assertEquals(List.of("handleClose"), chat.calls);
    assertEquals("", chat.wire.sent());
  }

  @Test
  void aProducerIsAskedWhenThereIsNothingElseToSend() {
    chat.pushWithProducer(new SimpleProducer(bytes("abcdefghij"), 4));
    chat.push(bytes("after"));
    assertEquals(List.of("abcd", "efgh"), chat.wire.sends());
    for (int pass = 0; pass < 3; pass++) chat.calls.pass();
    assertEquals(List.of("abcd", "efgh", "ij", "after"), chat.wire.sends());
    assertTrue(chat.producerFifo().isEmpty());
  }

  @Test
  void nullEndsAProducerAsNoBytesDo() {
    chat.pushWithProducer(chunks("one", null, "never"));
    chat.pushWithProducer(chunks("two", "", "never"));
    chat.push(bytes("after"));
    for (int pass = 0; pass < 5; pass++) chat.calls.pass();
    assertEquals(List.of("one", "two", "after"), chat.wire.sends());
  }

  @Test
  void aLargePieceOfAProducerIsSentInSlices() {
    chat.acOutBufferSize(3);
    chat.pushWithProducer(chunks("abcdefg"));
    for (int pass = 0; pass < 4; pass++) chat.calls.pass();
    assertEquals(List.of("abc", "def", "g"), chat.wire.sends());
  }

  @Test
  void bytesAsAProducerAreOneEntry() {
    chat.acOutBufferSize(3);
    chat.producerFifo().addLast(ProducerFifo.Entry.of(bytes("abcdefg")));
    chat.initiateSend();
    assertEquals(1, chat.producerFifo().size());
    for (int pass = 0; pass < 2; pass++) chat.calls.pass();
    assertEquals(List.of("abc", "def", "g"), chat.wire.sends());
  }

  @Test
  void aProducerThatIsNullClosesAsPythonsNoneDoes() {
    chat.pushWithProducer(null);
    assertEquals(List.of("handleClose"), chat.calls);
  }

  @Test
  void aProducerThatThrowsStaysAndIsAskedAgain() {
    int[] asked = {0};
    chat.onError(thrown -> {});
    Producer shaky =
        () -> {
          if (asked[0]++ < 2) throw new IllegalStateException("not yet");
          return asked[0] == 3 ? bytes("now") : null;
        };
    assertThrows(IllegalStateException.class, () -> chat.pushWithProducer(shaky));
    assertEquals(1, chat.producerFifo().size());
    chat.calls.pass();
    assertEquals(List.of("handleError IllegalStateException"), chat.calls);
    chat.calls.pass();
    chat.calls.pass();
    assertEquals("now", chat.wire.sent());
    assertTrue(chat.producerFifo().isEmpty());
  }

  @Test
  void aProducerWithoutEndQueuesOnePieceAPass() {
    chat.pushWithProducer(() -> bytes("again"));
    for (int pass = 0; pass < 100; pass++) chat.calls.pass();
    assertEquals(101, chat.wire.sends().size());
    assertEquals("[Source[producer=", chat.producerFifo().toString().substring(0, 17));
  }

  @Test
  void aProducerThatPushesIsAskedAgainFirst() {
    Deque<String> chunks = new ArrayDeque<>(List.of("one", "two"));
    boolean[] pushed = {false};
    chat.pushWithProducer(
        () -> {
          if (!pushed[0]) {
            pushed[0] = true;
            chat.push(bytes("pushed")); // As in Python: sends what this producer gives next.
          }
          return chunks.isEmpty() ? null : bytes(chunks.remove());
        });
    for (int pass = 0; pass < 2; pass++) chat.calls.pass();
    assertEquals(List.of("one", "two", "pushed"), chat.wire.sends());
  }

  @Test
  void discardingInsideMoreIsAnErrorAsAnEmptyDequeIs() {
    assertThrows(
        NoSuchElementException.class,
        () ->
            chat.pushWithProducer(
                () -> {
                  chat.discardBuffers();
                  return null;
                }));
    assertEquals(0, chat.producerFifo().byteCount());
  }

  @Test
  void aBrokenConnectionClosesAndKeepsTheQueue() {
    chat.wire.failSend(Errno.EPIPE);
    chat.push(bytes("lost"));
    assertEquals(List.of("handleClose"), chat.calls);
    assertEquals(1, chat.producerFifo().size());
  }

  @Test
  void anotherErrorOfSendGoesToHandleError() {
    chat.wire.failSend(Errno.EMSGSIZE);
    chat.push(bytes("x"));
    assertEquals(List.of("handleError EMSGSIZE", "handleClose"), chat.calls);
  }

  @Test
  void discardedOutputIsNotSent() {
    chat.acOutBufferSize(2);
    chat.push(bytes("abcdef"));
    chat.closeWhenDone();
    chat.discardBuffers();
    assertFalse(chat.writable());
    chat.calls.pass();
    assertEquals("ab", chat.wire.sent());
    assertEquals(List.of(), chat.calls);
  }

  @Test
  void theQueueTellsWhatIsInIt() {
    chat.wire.room(0);
    chat.push(bytes("text"));
    chat.pushWithProducer(new SimpleProducer(bytes("more")));
    chat.closeWhenDone();
    StringBuilder kinds = new StringBuilder();
    for (ProducerFifo.Entry entry : chat.producerFifo()) {
      if (entry instanceof ProducerFifo.Piece piece) kinds.append(text(piece.bytes()));
      if (entry instanceof ProducerFifo.Source) kinds.append(" producer");
      if (entry instanceof ProducerFifo.CloseMark) kinds.append(" close");
    }
    assertEquals("text producer close", kinds.toString());
    assertEquals(3, chat.producerFifo().size());
    assertEquals(4, chat.producerFifo().byteCount());
  }

  private static Producer chunks(String... chunks) {
    int[] next = {0};
    return () -> {
      String chunk = next[0] < chunks.length ? chunks[next[0]++] : null;
      return chunk == null ? null : bytes(chunk);
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }
}
