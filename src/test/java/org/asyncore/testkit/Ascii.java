package org.asyncore.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Text as the bytes that tests send and receive. */
public final class Ascii {
  private Ascii() {}

  public static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  public static String text(byte[] bytes) {
    return new String(bytes, US_ASCII);
  }

  public static String text(byte[] bytes, int offset, int byteCount) {
    return new String(bytes, offset, byteCount, US_ASCII);
  }
}
