package org.asyncore.asynchat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AsynchatTest {
  @ParameterizedTest
  @CsvSource({
    "qwerty+, +-, 1",
    "qwertydkjf, +-, 0",
    "aab, abab, 2",
    "xaba, abab, 3",
    "+-.+, +-.+-, 4",
    "'', ab, 0",
    "a, a, 0",
    "x, '', -1"
  })
  void aPrefixAtTheEndIsCountedAsInPython(String haystack, String needle, int count) {
    assertEquals(count, Asynchat.findPrefixAtEnd(bytes(haystack), bytes(needle)));
  }

  @Test
  void aPrefixAtTheEndIsTheLongestWhateverTheBytes() {
    Random random = new Random(1);
    for (int round = 0; round < 20_000; round++) {
      String haystack = PythonChat.randomText(random, 8);
      String needle = PythonChat.randomText(random, 6) + "a";
      int longest = needle.length() - 1;
      while (longest > 0 && !haystack.endsWith(needle.substring(0, longest))) longest--;
      assertEquals(
          longest,
          Asynchat.findPrefixAtEnd(bytes(haystack), bytes(needle)),
          haystack + " and " + needle);
    }
  }

  @Test
  void aSimpleProducerGivesItsDataInPiecesAndThenNothingForEver() {
    Producer producer = new SimpleProducer(bytes("abcdefghij"), 4);
    assertEquals("abcd", new String(producer.more(), ISO_8859_1));
    assertEquals("efgh", new String(producer.more(), ISO_8859_1));
    assertEquals("ij", new String(producer.more(), ISO_8859_1));
    assertEquals(0, producer.more().length);
    assertEquals(0, producer.more().length);
  }

  @Test
  void aSimpleProducersPieceHas512BytesUnlessTold() {
    assertEquals(512, new SimpleProducer(new byte[1000]).more().length);
    assertThrows(IllegalArgumentException.class, () -> new SimpleProducer(new byte[1], 0));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
