package org.asyncore.asynchat;

import java.util.Arrays;

/**
 * Bytes received and not yet delivered: {@code ac_in_buffer}, without its copy for each message.
 *
 * <p>Adding costs what is added, taking costs what is taken. An array it was given is never written
 * to, so it may also be handed out.
 */
final class InputBuffer {
  private static final byte[] EMPTY = {};

  /** An array may be this many times larger than what is left in it. */
  private static final int SLACK = 4;

  private byte[] array = EMPTY;
  private int start;
  private int end;
  private long position;

  int size() {
    return end - start;
  }

  boolean isEmpty() {
    return start == end;
  }

  /** Where in the whole input the first byte stands. */
  long position() {
    return position;
  }

  byte[] array() {
    return array;
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  /** Adds bytes; the array may become the buffer's own. */
  void append(byte[] data) {
    if (isEmpty()) {
      array = data;
      start = 0;
      end = data.length;
      return;
    }
    int size = Math.addExact(size(), data.length);
    if (array.length - end < data.length) {
      move(size > Integer.MAX_VALUE / 2 ? size : size * 2);
    }
    System.arraycopy(data, 0, array, end, data.length);
    end += data.length;
  }

  /** The first bytes, which stay; all of an array may be that array. */
  byte[] head(int byteCount) {
    if (start == 0 && byteCount == array.length) return array;
    return Arrays.copyOfRange(array, start, start + byteCount);
  }

  /** Takes away the first bytes, as far as there are so many. */
  void drop(int byteCount) {
    int dropped = Math.min(byteCount, size());
    position += dropped;
    start += dropped;
    if (isEmpty()) clear();
  }

  /** Takes away all but the last bytes; a few do not keep a large array alive. */
  void keepLast(int byteCount) {
    drop(Math.max(0, size() - byteCount));
    if (array.length > SLACK * (size() + 16L)) move(size());
  }

  void clear() {
    position += size();
    array = EMPTY;
    start = 0;
    end = 0;
  }

  /** Drops all bytes for others; the array may become the buffer's own. */
  void replace(byte[] data) {
    clear(); // Moves the position, so that no search goes on in the new bytes.
    append(data);
  }

  byte[] toByteArray() {
    return Arrays.copyOfRange(array, start, end);
  }

  private void move(int capacity) {
    byte[] target = new byte[capacity];
    int size = size();
    System.arraycopy(array, start, target, 0, size);
    array = target;
    start = 0;
    end = size;
  }
}
