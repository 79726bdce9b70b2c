package org.asyncore.bench.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * The bytes that connections send and expect back: lines of {@value #LINE_BYTES} bytes, CR and LF
 * included, of random letters, over and over. Connections start at different lines, so that bytes
 * of another one are found out.
 */
final class Pattern {
  static final int LINE_BYTES = 20;

  /** The most that one piece has. */
  static final int LONGEST = 1 << 16;

  private static final int PERIOD = 3276 * LINE_BYTES; // Not a multiple of 64 KiB, on purpose.

  private final ByteBuffer bytes =
      ByteBuffer.allocateDirect(PERIOD + LONGEST).order(ByteOrder.nativeOrder());

  Pattern() {
    SplittableRandom random = new SplittableRandom(20260101);
    for (int i = 0; i < bytes.capacity(); i++) {
      int at = i % LINE_BYTES;
      if (i >= PERIOD) bytes.put(i, bytes.get(i - PERIOD));
      else if (at == LINE_BYTES - 2) bytes.put(i, (byte) '\r');
      else if (at == LINE_BYTES - 1) bytes.put(i, (byte) '\n');
      else bytes.put(i, (byte) ('a' + random.nextInt(26)));
    }
  }

  /** Where a connection's stream starts. */
  static long start(int connection) {
    return (long) connection * 7 * LINE_BYTES;
  }

  /** A view of its own for each user; see {@link #show}. */
  ByteBuffer view() {
    return bytes.duplicate();
  }

  /** Moves a view to the bytes from a position of the stream on, at most {@link #LONGEST}. */
  static ByteBuffer show(ByteBuffer view, long position, long byteCount) {
    int from = (int) (position % PERIOD);
    return view.limit(from + (int) Math.min(byteCount, LONGEST)).position(from);
  }

  /** Compares what came with the stream from a position on; {@code came} is read to its end. */
  static void check(ByteBuffer came, ByteBuffer view, long position) {
    for (long at = position; came.hasRemaining(); ) {
      int piece = Math.min(came.remaining(), LONGEST);
      int limit = came.limit();
      came.limit(came.position() + piece);
      int difference = show(view, at, piece).mismatch(came);
      if (difference >= 0) {
        throw new IllegalStateException("wrong byte at " + (at + difference) + " of the stream");
      }
      came.position(came.limit()).limit(limit);
      at += piece;
    }
  }
}
