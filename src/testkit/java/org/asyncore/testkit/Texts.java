package org.asyncore.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;

/** How the kit writes bytes and times: each always one line. */
final class Texts {
  /** A longer piece of bytes is cut in the middle. */
  private static final int LONGEST = 200;

  private static final int KEPT = 80;
  private static final double NANOS_PER_SECOND = 1e9;

  private Texts() {}

  static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.3f s", nanos / NANOS_PER_SECOND);
  }

  /** The bytes in quotes, as a string literal of Java's would have them. */
  static String quoted(byte[] bytes) {
    String text = new String(bytes, ISO_8859_1);
    if (text.length() <= LONGEST) return '"' + escaped(text) + '"';
    String head = escaped(text.substring(0, KEPT));
    String tail = escaped(text.substring(text.length() - KEPT));
    return '"' + head + "\" ... \"" + tail + "\" (" + text.length() + " bytes)";
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) append(escaped, text.charAt(i));
    return escaped.toString();
  }

  private static void append(StringBuilder escaped, char c) {
    switch (c) {
      case '\n' -> escaped.append("\\n");
      case '\r' -> escaped.append("\\r");
      case '\t' -> escaped.append("\\t");
      case '"' -> escaped.append("\\\"");
      case '\\' -> escaped.append("\\\\");
      default -> {
        if (c < ' ' || c > '~') escaped.append(String.format("\\%03o", (int) c));
        else escaped.append(c);
      }
    }
  }
}
