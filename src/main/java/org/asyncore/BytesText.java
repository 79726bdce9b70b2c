package org.asyncore;

import java.nio.ByteBuffer;

/** Python's text form of bytes, for the lines that asyncore logs. */
final class BytesText {
  private BytesText() {}

  /** {@code repr(data)} of what remains in the buffer, which stays as it is. */
  static String repr(ByteBuffer data) {
    boolean singleQuoted = !contains(data, '\'') || contains(data, '"');
    char quote = singleQuoted ? '\'' : '"';
    StringBuilder text = new StringBuilder("b").append(quote);
    for (int i = data.position(); i < data.limit(); i++) append(text, data.get(i) & 0xff, quote);
    return text.append(quote).toString();
  }

  private static void append(StringBuilder text, int character, char quote) {
    switch (character) {
      case '\t' -> text.append("\\t");
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\\' -> text.append("\\\\");
      default -> {
        if (character == quote) text.append('\\').append(quote);
        else if (character >= ' ' && character <= '~') text.append((char) character);
        else text.append(String.format("\\x%02x", character));
      }
    }
  }

  private static boolean contains(ByteBuffer data, char wanted) {
    for (int i = data.position(); i < data.limit(); i++) {
      if (data.get(i) == wanted) return true;
    }
    return false;
  }
}
