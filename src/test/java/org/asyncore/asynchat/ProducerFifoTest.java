package org.asyncore.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.asyncore.asynchat.ProducerFifo.Entry;
import org.junit.jupiter.api.Test;

/** What programs do with {@code self.producer_fifo}. */
class ProducerFifoTest {
  private final RecordingChat chat = RecordingChat.overConnected();
  private final ProducerFifo fifo = chat.producerFifo();

  private static Entry entry(String text) {
    return Entry.of(text.getBytes(ISO_8859_1));
  }

  private String sent() {
    for (int pass = 0; pass < 10; pass++) chat.calls.pass();
    return chat.wire.sent();
  }

  @Test
  void entriesAreSentInTheOrderInWhichTheQueueHasThem() {
    fifo.addLast(entry("c"));
    fifo.addFirst(entry("a"));
    fifo.insert(1, entry("b"));
    fifo.insert(3, entry("d"));
    fifo.insert(0, entry("<"));
    assertEquals(5, fifo.byteCount());
    assertEquals("", chat.wire.sent()); // The next pass sees to it.
    assertEquals("<abcd", sent());
  }

  @Test
  void aCloseAndAProducerAreEntries() {
    fifo.addLast(Entry.of(new SimpleProducer("produced".getBytes(ISO_8859_1), 3)));
    fifo.addLast(Entry.close());
    assertEquals("produced", sent());
    assertTrue(chat.wire.isClosed());
  }

  @Test
  void whatIsTakenOutIsNotSent() {
    chat.wire.room(0);
    chat.push("one".getBytes(ISO_8859_1));
    chat.push("two".getBytes(ISO_8859_1));
    chat.push("three".getBytes(ISO_8859_1));
    Entry two = List.copyOf(iterable()).get(1);
    assertTrue(fifo.remove(two));
    assertFalse(fifo.remove(two));
    assertEquals("Piece[3 bytes]", fifo.removeFirst().toString());
    assertEquals(5, fifo.byteCount());
    chat.wire.room(100);
    assertEquals("three", sent());
  }

  private List<Entry> iterable() {
    List<Entry> entries = new ArrayList<>();
    fifo.forEach(entries::add);
    return entries;
  }

  @Test
  void theFirstEntryIsWhatIsLeftOfIt() {
    chat.wire.room(2);
    chat.push("hello".getBytes(ISO_8859_1));
    ProducerFifo.Piece left = assertInstanceOf(ProducerFifo.Piece.class, fifo.first());
    assertEquals("llo", new String(left.bytes(), ISO_8859_1));
  }

  @Test
  void anEqualEntryIsNotTheSame() {
    Producer producer = () -> null;
    fifo.addLast(Entry.of(producer));
    assertFalse(fifo.remove(Entry.of(producer)));
    assertTrue(fifo.remove(fifo.first()));
    assertTrue(fifo.isEmpty());
  }

  @Test
  void whatIsRefusedChangesNothing() {
    fifo.addLast(entry("x"));
    assertThrows(IndexOutOfBoundsException.class, () -> fifo.insert(2, entry("y")));
    assertThrows(IndexOutOfBoundsException.class, () -> fifo.insert(-1, entry("y")));
    assertThrows(NullPointerException.class, () -> fifo.insert(0, null));
    assertThrows(NullPointerException.class, () -> fifo.addFirst(null));
    assertThrows(NullPointerException.class, () -> fifo.addLast(null));
    assertThrows(NullPointerException.class, () -> Entry.of((byte[]) null));
    assertThrows(NullPointerException.class, () -> Entry.of((Producer) null));
    assertEquals(1, fifo.size());
    fifo.clear();
    assertThrows(NoSuchElementException.class, fifo::first);
    assertThrows(NoSuchElementException.class, fifo::removeFirst);
  }

  @Test
  void bytesOfAnEntryAreACopy() {
    byte[] data = "mine".getBytes(ISO_8859_1);
    fifo.addLast(Entry.of(data));
    data[0] = 'X';
    assertEquals("mine", sent());
  }
}
