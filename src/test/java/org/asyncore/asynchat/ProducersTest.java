package org.asyncore.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Medusa's producers, and how they pass on that one has nothing yet. */
class ProducersTest {
  private final RecordingChat chat = RecordingChat.overConnected();

  private static Producer of(String... pieces) {
    Deque<String> left = new ArrayDeque<>(List.of(pieces));
    return () -> left.isEmpty() ? null : left.poll().getBytes(ISO_8859_1);
  }

  /** Gives a piece each time that it was fed one. */
  private static final class Fed implements Producer {
    private final Deque<String> left = new ArrayDeque<>();
    private boolean ended;

    @Override
    public boolean ready() {
      return ended || !left.isEmpty();
    }

    @Override
    public byte[] more() {
      return left.isEmpty() ? null : left.poll().getBytes(ISO_8859_1);
    }
  }

  private String sent(Producer producer) {
    chat.pushWithProducer(producer);
    return sent();
  }

  private String sent() {
    for (int pass = 0; pass < 20; pass++) chat.calls.pass();
    return chat.wire.sent();
  }

  @Test
  void linesEndInCrAndLf() {
    assertEquals("a\r\nb\r\n\r\n", sent(Producers.lines(List.of("a", "b", ""))));
    assertTrue(chat.producerFifo().isEmpty());
  }

  @Test
  void manyLinesComeInPieces() {
    List<String> lines = Stream.generate(() -> "x").limit(120).toList();
    assertEquals("x\r\n".repeat(120), sent(Producers.lines(lines)));
    assertEquals(3, chat.wire.sends().size());
  }

  @Test
  void aStreamIsReadToItsEnd() {
    byte[] data = "s".repeat(40_000).getBytes(ISO_8859_1);
    assertEquals("s".repeat(40_000), sent(Producers.stream(new ByteArrayInputStream(data))));
    assertEquals(3, chat.wire.sends().size());
  }

  @Test
  void aStreamThatFailsReachesHandleError() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("on purpose");
          }

          @Override
          public int read(byte[] target, int offset, int byteCount) throws IOException {
            throw new IOException("on purpose");
          }
        };
    assertThrows(UncheckedIOException.class, () -> chat.pushWithProducer(Producers.stream(broken)));
  }

  @Test
  void chunksAreThoseOfHttp() {
    assertEquals(
        "3\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n",
        sent(Producers.chunked(of("abc", "0123456789abcdef"))));
  }

  @Test
  void aSequenceGivesOneAfterTheOther() {
    assertEquals("abcd", sent(Producers.sequence(of("a", "b"), of(), of("c"), of("d"))));
    assertTrue(chat.producerFifo().isEmpty());
    assertEquals("abcd", sent(Producers.sequence()));
  }

  @Test
  void smallPiecesAreGlobbed() {
    assertEquals("abcdefg", sent(Producers.glob(of("ab", "c", "de", "f", "g"), 3)));
    assertEquals(List.of("abc", "def", "g"), chat.wire.sends());
  }

  @Test
  void aHookIsCalledOnceAtTheEnd() {
    List<Long> counts = new ArrayList<>();
    assertEquals("abcde", sent(Producers.hooked(of("abc", "de"), counts::add)));
    assertEquals(List.of(5L), counts);
  }

  @Test
  void whatWrapsOneThatWaitsWaitsToo() {
    Fed fed = new Fed();
    List<Long> counts = new ArrayList<>();
    Producer all =
        Producers.chunked(
            Producers.glob(Producers.sequence(of("one"), Producers.hooked(fed, counts::add)), 100));
    assertEquals("3\r\none\r\n", sent(all));
    assertFalse(chat.producerFifo().isEmpty());
    fed.left.add("two");
    assertEquals("3\r\none\r\n3\r\ntwo\r\n", sent());
    assertEquals(List.of(), counts);
    fed.ended = true;
    assertEquals("3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n", sent());
    assertEquals(List.of(3L), counts);
    assertTrue(chat.producerFifo().isEmpty());
  }

  @Test
  void nothingToGlobForIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Producers.glob(of(), 0));
  }
}
