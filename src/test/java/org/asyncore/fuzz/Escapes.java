package org.asyncore.fuzz;

/** Bytes as one line of text: what is not printable, and what the format needs, is {@code %41}. */
final class Escapes {
  private static final String PLAIN = "[A-Za-z0-9.:<>@=-]";

  private Escapes() {}

  static String write(String bytes) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < bytes.length(); i++) {
      char c = bytes.charAt(i);
      if (String.valueOf(c).matches(PLAIN)) line.append(c);
      else line.append(String.format("%%%02x", (int) c));
    }
    return line.toString();
  }

  static String read(String line) {
    StringBuilder bytes = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      if (line.charAt(i) != '%') {
        bytes.append(line.charAt(i));
      } else {
        bytes.append((char) Integer.parseInt(line.substring(i + 1, i + 3), 16));
        i += 2;
      }
    }
    return bytes.toString();
  }
}
