package org.asyncore.compat.scenario;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Map;
import org.asyncore.compat.json.Json;
import org.junit.jupiter.api.Test;

class BytesTest {
  @Test
  void aCharacterIsAByte() {
    assertArrayEquals(new byte[] {'a', 0, (byte) 0xff}, Bytes.of("a\0\u00ff"));
    assertEquals("a\0\u00ff", Bytes.show(new byte[] {'a', 0, (byte) 0xff}));
  }

  @Test
  void rulesGiveManyBytes() {
    assertEquals("ababab", Bytes.show(Bytes.of(Json.parse("{\"repeat\": \"ab\", \"n\": 3}"))));
    assertArrayEquals(
        new byte[] {(byte) 250, 0, 1}, Bytes.of(Json.parse("{\"seq\": 3, \"from\": 250}")));
  }

  @Test
  void longOnesAreShownByTheirChecksum() {
    byte[] data = Bytes.of(Json.parse("{\"repeat\": \"a\", \"n\": 65}"));
    assertEquals(Map.of("len", 65, "crc32", "f33faf5d"), Bytes.show(data));
  }

  @Test
  void nullIsNoBytesAtAll() {
    assertNull(Bytes.of(null));
    assertNull(Bytes.show(null));
  }
}
