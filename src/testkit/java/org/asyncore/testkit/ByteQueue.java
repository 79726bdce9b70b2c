package org.asyncore.testkit;

import java.util.Arrays;

/** Bytes in their order, of a socket buffer. Grows as it must; whoever fills it keeps its limit. */
final class ByteQueue {
  private byte[] bytes = new byte[256];
  private int start;
  private int size;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(byte[] data, int offset, int byteCount) {
    makeRoom(byteCount);
    System.arraycopy(data, offset, bytes, start + size, byteCount);
    size += byteCount;
  }

  private void makeRoom(int byteCount) {
    if (start + size + byteCount <= bytes.length) return;
    int length = Math.max(bytes.length, Integer.highestOneBit(size + byteCount) * 2);
    byte[] target = length == bytes.length ? bytes : new byte[length];
    System.arraycopy(bytes, start, target, 0, size);
    bytes = target;
    start = 0;
  }

  /** Takes the first bytes: at most so many. */
  byte[] take(int byteCount) {
    int taken = Math.min(byteCount, size);
    byte[] data = Arrays.copyOfRange(bytes, start, start + taken);
    skip(taken);
    return data;
  }

  void skip(int byteCount) {
    start += byteCount;
    size -= byteCount;
    if (size == 0) start = 0;
  }

  /** Moves its first bytes into another queue. */
  void moveTo(ByteQueue target, int byteCount) {
    target.add(bytes, start, byteCount);
    skip(byteCount);
  }

  void clear() {
    start = 0;
    size = 0;
  }

  /** A copy of all. */
  byte[] toArray() {
    return Arrays.copyOfRange(bytes, start, start + size);
  }
}
