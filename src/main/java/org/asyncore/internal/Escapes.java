package org.asyncore.internal;

import org.jspecify.annotations.Nullable;

/** Text in which what is not printed is an escape, so that it stays what it looks like. */
public final class Escapes {
  private Escapes() {}

  /** What {@code OneLine.of} gives. */
  public static String oneLine(@Nullable String text) {
    String source = String.valueOf(text);
    StringBuilder escaped = null;
    for (int i = 0, character; i < source.length(); i += Character.charCount(character)) {
      character = source.codePointAt(i);
      if (escaped == null) {
        if (!isEscaped(character)) continue;
        escaped = new StringBuilder(source.length() + 16).append(source, 0, i);
      }
      if (isEscaped(character)) escape(escaped, character);
      else escaped.appendCodePoint(character);
    }
    return escaped == null ? source : escaped.toString();
  }

  /** {@code repr(text)}: in quotes, with all that Python does not print as escapes. */
  public static String repr(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder repr = new StringBuilder(text.length() + 2).append(quote);
    for (int i = 0, character; i < text.length(); i += Character.charCount(character)) {
      character = text.codePointAt(i);
      if (character == '\\' || character == quote) repr.append('\\').append((char) character);
      else if (isPrinted(character)) repr.appendCodePoint(character);
      else escape(repr, character);
    }
    return repr.append(quote).toString();
  }

  /** {@code str.isprintable()}. */
  private static boolean isPrinted(int character) {
    return switch (Character.getType(character)) {
      case Character.SPACE_SEPARATOR -> character == ' ';
      case Character.PRIVATE_USE, Character.UNASSIGNED -> false;
      default -> !isEscaped(character);
    };
  }

  private static boolean isEscaped(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  private static void escape(StringBuilder escaped, int character) {
    switch (character) {
      case '\n' -> escaped.append("\\n");
      case '\r' -> escaped.append("\\r");
      case '\t' -> escaped.append("\\t");
      default -> {
        String form = character <= 0xff ? "\\x%02x" : character <= 0xffff ? "\\u%04x" : "\\U%08x";
        escaped.append(String.format(form, character));
      }
    }
  }
}
