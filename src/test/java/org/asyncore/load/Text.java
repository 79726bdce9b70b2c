package org.asyncore.load;

import java.nio.ByteBuffer;
import java.util.Random;

/**
 * What clients send: an endless stream of lines of letters, which repeats after a number of bytes
 * that is no buffer's size, so that what is lost, doubled or moved shows.
 */
final class Text {
  /** The length of each line, with its end. */
  static final int LINE = 61;

  /** The most bytes that {@link #at} gives. */
  static final int PERIOD = LINE * 1021;

  private static final ByteBuffer TWICE = twice();

  private Text() {}

  private static ByteBuffer twice() {
    Random letters = new Random(PERIOD);
    byte[] once = new byte[PERIOD];
    for (int i = 0; i < PERIOD; i++) {
      once[i] = (byte) (i % LINE == LINE - 1 ? '\n' : 'a' + letters.nextInt(26));
    }
    return ByteBuffer.allocateDirect(2 * PERIOD).put(once).put(once).asReadOnlyBuffer();
  }

  /** A view of the bytes from there on, at most {@link #PERIOD} of them. */
  static ByteBuffer at(long offset, int byteCount) {
    return TWICE.slice((int) (offset % PERIOD), byteCount);
  }
}
