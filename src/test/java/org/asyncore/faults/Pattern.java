package org.asyncore.faults;

/** A stream of bytes of which each place can be told from its neighbours. */
public record Pattern(long seed) {
  private byte at(long index) {
    return (byte) (index * 31 + (index >> 8) * 7 + seed);
  }

  public byte[] bytes(long from, int byteCount) {
    byte[] bytes = new byte[byteCount];
    for (int i = 0; i < byteCount; i++) bytes[i] = at(from + i);
    return bytes;
  }

  /**
   * The index of the first byte that is not what the stream has from {@code from} on; -1 if none.
   */
  public int firstWrong(long from, byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != at(from + i)) return i;
    }
    return -1;
  }
}
