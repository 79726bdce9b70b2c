package org.asyncore.asynchat;

import java.util.Arrays;

/**
 * The pieces of one message, joined: async_chat's {@code incoming}. Many small pieces take no more
 * memory than one large one.
 */
final class CollectedInput {
  private static final byte[] EMPTY = {};

  private byte[] array = EMPTY;
  private int size;

  /** Whether the array came with the only piece so far, and is not ours to write to. */
  private boolean isPiece;

  int size() {
    return size;
  }

  void append(byte[] piece) {
    if (size == 0) {
      array = piece;
      size = piece.length;
      isPiece = true;
      return;
    }
    int total = Math.addExact(size, piece.length);
    if (isPiece || total > array.length) {
      array = Arrays.copyOf(array, total > Integer.MAX_VALUE / 2 ? total : total * 2);
      isPiece = false;
    }
    System.arraycopy(piece, 0, array, size, piece.length);
    size = total;
  }

  /** All of it; a message in one piece is that piece. */
  byte[] take() {
    byte[] taken = toByteArray();
    clear();
    return taken;
  }

  byte[] toByteArray() {
    return size == array.length ? array : Arrays.copyOf(array, size);
  }

  void clear() {
    array = EMPTY;
    size = 0;
    isPiece = false;
  }
}
