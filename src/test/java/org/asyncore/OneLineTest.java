package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.asyncore.internal.Escapes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OneLineTest {
  @ParameterizedTest
  @CsvSource({
    "a, \\n",
    "d, \\r",
    "9, \\t",
    "0, \\x00",
    "1b, \\x1b",
    "7f, \\x7f",
    "85, \\x85",
    "ad, \\xad",
    "200b, \\u200b",
    "2028, \\u2028",
    "2029, \\u2029",
    "202e, \\u202e",
    "feff, \\ufeff",
    "d800, \\ud800",
    "e0001, \\U000e0001"
  })
  void whatIsNoPartOfALineIsEscaped(String hex, String escape) {
    String character = Character.toString(Integer.parseInt(hex, 16));
    assertEquals("a" + escape + "b", OneLine.of("a" + character + "b"));
  }

  @Test
  void otherTextIsTheSameObject() {
    String text = "C:\\temp, naïve, 日本, 😀 and ~";
    assertSame(text, OneLine.of(text));
    assertEquals("null", OneLine.of(null));
  }

  /** What repr() of CPython 3.11 writes. */
  @Test
  void reprQuotesAsPythonDoes() {
    assertEquals("'plain'", Escapes.repr("plain"));
    assertEquals("\"it's\"", Escapes.repr("it's"));
    assertEquals("'\\'both\"'", Escapes.repr("'both\""));
    assertEquals("'say \"so\"'", Escapes.repr("say \"so\""));
    assertEquals("'C:\\\\temp'", Escapes.repr("C:\\temp"));
    assertEquals("'日本 😀\\n'", Escapes.repr("日本 😀\n"));
    assertEquals("''", Escapes.repr(""));
  }

  @ParameterizedTest
  @CsvSource({
    "0, \\x00",
    "1b, \\x1b",
    "7f, \\x7f",
    "a0, \\xa0",
    "ad, \\xad",
    "378, \\u0378",
    "2003, \\u2003",
    "2028, \\u2028",
    "202e, \\u202e",
    "d800, \\ud800",
    "e000, \\ue000",
    "e0001, \\U000e0001"
  })
  void reprEscapesWhatPythonDoesNotPrint(String hex, String escape) {
    String character = Character.toString(Integer.parseInt(hex, 16));
    assertEquals("'a" + escape + "b'", Escapes.repr("a" + character + "b"));
  }

  @Test
  void escapesKeepTheirPlaceBesideLongCharacters() {
    assertEquals("😀\\n😀\\r\\n", OneLine.of("😀\n😀\r\n"));
  }
}
