package org.asyncore.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class UnixNameTest {
  private static UnixName name(String text) {
    return UnixName.of(text.getBytes(ISO_8859_1));
  }

  @Test
  void itIsItsBytes() {
    byte[] bytes = {0, 'a', -1};
    UnixName name = UnixName.of(bytes);
    bytes[1] = 'b';
    name.bytes()[1] = 'c';
    assertArrayEquals(new byte[] {0, 'a', -1}, name.bytes());
    assertEquals(name("\0a\u00ff"), name);
    assertEquals(name("\0a\u00ff").hashCode(), name.hashCode());
    assertNotEquals(name("\0a"), name);
    assertTrue(name.isAbstract());
    assertFalse(name("/a\u00ff").isAbstract());
  }

  @Test
  void itIsWrittenAsPythonWritesBytes() {
    assertEquals(
        "b'\\x00any\\n\\r\\t\\\\\\x1b\\xff'", name("\0any\n\r\t\\\u001b\u00ff").toString());
    assertEquals("b\"it's\"", name("it's").toString());
    assertEquals("b'\\'\"'", name("'\"").toString());
  }

  @Test
  void nothingAndTooMuchAreNoNames() {
    assertThrows(IllegalArgumentException.class, () -> UnixName.of(new byte[0]));
    assertThrows(IllegalArgumentException.class, () -> UnixName.of(new byte[109]));
    assertEquals(108, UnixName.of(new byte[108]).bytes().length);
  }
}
