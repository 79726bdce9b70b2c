package org.asyncore.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

/** A producer that has nothing yet. */
class ProducerThatWaitsTest {
  private final RecordingChat chat = RecordingChat.overConnected();

  private static final class Waiting implements Producer {
    private final Deque<String> pieces = new ArrayDeque<>();
    private boolean ended;
    private int asked;

    @Override
    public boolean ready() {
      return ended || !pieces.isEmpty();
    }

    @Override
    public byte[] more() {
      asked++;
      String piece = pieces.poll();
      return piece == null ? null : piece.getBytes(ISO_8859_1);
    }
  }

  @Test
  void itIsNeitherAskedNorDroppedAndHoldsBackWhatIsBehindIt() {
    Waiting producer = new Waiting();
    chat.pushWithProducer(producer);
    chat.push("behind".getBytes(ISO_8859_1));
    for (int pass = 0; pass < 5; pass++) chat.calls.pass();
    assertEquals(0, producer.asked);
    assertEquals("", chat.wire.sent());
    assertEquals(2, chat.producerFifo().size());
    assertTrue(chat.hasQueued());
  }

  @Test
  void nobodyIsAskedForRoomMeanwhile() {
    chat.pushWithProducer(new Waiting());
    assertFalse(chat.writable());
    assertFalse(chat.calls.contains("handleWrite"));
  }

  @Test
  void theNextPassNoticesThatItHasSomething() {
    Waiting producer = new Waiting();
    chat.pushWithProducer(producer);
    chat.calls.pass();
    chat.calls.pass();
    producer.pieces.add("one ");
    chat.calls.pass();
    assertEquals("one ", chat.wire.sent());
    chat.calls.pass();
    producer.pieces.add("two ");
    producer.pieces.add("three");
    chat.push(".".getBytes(ISO_8859_1));
    producer.ended = true;
    for (int pass = 0; pass < 5; pass++) chat.calls.pass();
    assertEquals("one two three.", chat.wire.sent());
    assertFalse(chat.writable());
  }

  @Test
  void aCloseBehindItWaitsForItsEnd() {
    Waiting producer = new Waiting();
    chat.pushWithProducer(producer);
    chat.closeWhenDone();
    chat.calls.pass();
    assertFalse(chat.wire.isClosed());
    producer.ended = true;
    chat.calls.pass();
    assertTrue(chat.wire.isClosed());
  }

  @Test
  void oneBehindAnotherIsAskedOnceItIsFirst() {
    Waiting first = new Waiting();
    Waiting second = new Waiting();
    second.pieces.add("second");
    chat.pushWithProducer(first);
    chat.pushWithProducer(second);
    chat.calls.pass();
    assertEquals(0, second.asked);
    first.ended = true;
    chat.calls.pass();
    assertEquals("second", chat.wire.sent());
  }
}
