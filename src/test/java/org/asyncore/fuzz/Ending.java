package org.asyncore.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.asyncore.asynchat.Terminator;

/**
 * One terminator of a conversation, as a kept input writes it: {@code "text"}, a count, {@code
 * none}.
 */
record Ending(String text, long count) {
  static Ending ofText(String text) {
    return new Ending(text, 0);
  }

  static Ending ofCount(long count) {
    return new Ending("", count);
  }

  static Ending none() {
    return ofCount(0);
  }

  static Ending parse(String written) {
    if (written.startsWith("'")) return ofText(Escapes.read(written.substring(1)));
    return written.equals("none") ? none() : ofCount(Long.parseLong(written));
  }

  Terminator terminator() {
    if (!text.isEmpty()) return new Terminator.Bytes(text.getBytes(ISO_8859_1));
    return count == 0 ? new Terminator.None() : new Terminator.Count(count);
  }

  /**
   * Where the message that begins at {@code from} ends, before its terminator; -1 if it does not.
   */
  int endIn(String stream, int from) {
    if (!text.isEmpty()) return stream.indexOf(text, from);
    return count == 0 || stream.length() - from < count ? -1 : (int) (from + count);
  }

  @Override
  public String toString() {
    if (!text.isEmpty()) return "'" + Escapes.write(text);
    return count == 0 ? "none" : Long.toString(count);
  }
}
