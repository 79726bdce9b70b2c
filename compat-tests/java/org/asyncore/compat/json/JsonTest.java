package org.asyncore.compat.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void readsEveryKindOfValue() {
    assertEquals(
        Map.of("a", Arrays.asList(1L, -2.5, true, false, null, "x"), "b", Map.of(), "c", List.of()),
        Json.parse(" {\"a\": [1, -2.5, true, false, null, \"x\"], \"b\": {}, \"c\": []} "));
  }

  @Test
  void readsAndWritesEveryByteAsACharacter() {
    StringBuilder bytes = new StringBuilder();
    for (char c = 0; c < 256; c++) bytes.append(c);
    assertEquals(bytes.toString(), Json.parse(Json.write(bytes.toString())));
    assertEquals("\"\\r\\n\\u0000\\u00ff\\\\\\\"/\"", Json.write("\r\n\0\u00ff\\\"/"));
  }

  @Test
  void writesAsPythonDoes() {
    String line = "{\"s\": 3, \"p\": 1, \"end\": \"see\", \"value\": [null, {\"a\": true}]}";
    assertEquals(line, Json.write(Json.parse(line)));
  }

  @Test
  void theOrderOfKeysDoesNotMatterAndThatOfItemsDoes() {
    assertEquals(Json.parse("{\"a\": 1, \"b\": 2}"), Json.parse("{\"b\": 2, \"a\": 1}"));
    assertNotEquals(Json.parse("[1, 2]"), Json.parse("[2, 1]"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[1", "\"a", "{\"a\"}", "{1: 2}", "[1,]", "1 2", "nul", "\"\\u00"})
  void refusesWhatIsNoValue(String text) {
    assertThrows(IllegalArgumentException.class, () -> Json.parse(text));
  }
}
