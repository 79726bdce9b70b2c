package org.asyncore.border;

/** Bytes that tell where in a stream they belong. */
final class Bytes {
  private static final int PERIOD = 251; // A prime: no piece of a usual size looks like another.

  private Bytes() {}

  /** A piece of the stream. */
  static byte[] of(int from, int byteCount) {
    byte[] bytes = new byte[byteCount];
    for (int i = 0; i < byteCount; i++) bytes[i] = at(from + i);
    return bytes;
  }

  private static byte at(int index) {
    return (byte) (index % PERIOD + index / PERIOD);
  }

  /**
   * What is wrong with what came of the stream's first {@code byteCount} bytes; null if nothing.
   */
  static String fault(byte[] came, int byteCount) {
    for (int i = 0; i < Math.min(came.length, byteCount); i++) {
      if (came[i] != at(i)) return "byte " + i + " is wrong, of " + came.length + " that came";
    }
    return came.length == byteCount ? null : came.length + " bytes came, not " + byteCount;
  }
}
