package org.asyncore.asynchat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Looks for one terminator in an {@link InputBuffer}, and goes on where the last look ended.
 *
 * <p>Knuth-Morris-Pratt: each byte is looked at once, however the input is cut. What is matched so
 * far is also what {@code find_prefix_at_end} would find, so the pieces are async_chat's.
 */
final class TerminatorSearch {
  private static final VarHandle LITTLE_ENDIAN =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private final byte[] terminator;

  /** {@code fallback[i]}: the longest proper prefix that also ends {@code terminator[0..i]}. */
  private final int[] fallback;

  /** How much of the terminator the bytes just before {@link #searchedTo} are. */
  private int matched;

  /** Up to where in the stream it has looked. */
  private long searchedTo = -1;

  TerminatorSearch(byte[] terminator) {
    this.terminator = terminator;
    fallback = fallbacks(terminator);
  }

  boolean isFor(byte[] terminator) {
    return this.terminator == terminator || Arrays.equals(this.terminator, terminator);
  }

  /** The index of the terminator in the buffer, or -1; then {@link #heldBack} counts. */
  int find(InputBuffer buffer) {
    // Any other start is a buffer that was changed in between: look at all of it.
    boolean goesOn = buffer.position() == searchedTo - matched;
    int from = goesOn ? matched : 0;
    if (!goesOn) matched = 0;
    int end = scan(buffer.array(), buffer.start() + from, buffer.end());
    searchedTo = buffer.position() + end - buffer.start();
    if (matched < terminator.length) return -1;
    matched = 0;
    return end - buffer.start() - terminator.length;
  }

  /** After a {@link #find} without success: how many bytes at the end may begin a terminator. */
  int heldBack() {
    return matched;
  }

  /** Moves on to the end of the first match, or of the bytes. */
  private int scan(byte[] bytes, int from, int end) {
    byte first = terminator[0];
    int i = from;
    while (i < end && matched < terminator.length) {
      if (matched == 0) {
        i = indexOf(first, bytes, i, end);
        if (i == end) break;
        matched = 1;
        i++;
      } else if (bytes[i] == terminator[matched]) {
        matched++;
        i++;
      } else {
        matched = fallback[matched - 1];
      }
    }
    return i;
  }

  /** Where a byte is first, or the end: eight bytes at a time. */
  private static int indexOf(byte wanted, byte[] bytes, int from, int end) {
    long pattern = (wanted & 0xFFL) * ONES;
    int i = from;
    for (; i <= end - Long.BYTES; i += Long.BYTES) {
      long differences = (long) LITTLE_ENDIAN.get(bytes, i) ^ pattern;
      // The lowest bit that is set belongs to the first byte that is 0; higher ones may be wrong.
      long zeros = (differences - ONES) & ~differences & HIGH_BITS;
      if (zeros != 0) return i + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
    }
    while (i < end && bytes[i] != wanted) i++;
    return i;
  }

  /** See {@link Asynchat#findPrefixAtEnd}; the needle is not empty. */
  static int prefixAtEnd(byte[] haystack, byte[] needle) {
    TerminatorSearch search = new TerminatorSearch(needle);
    int from = Math.max(0, haystack.length - (needle.length - 1)); // Never the whole needle.
    search.scan(haystack, from, haystack.length);
    return search.matched;
  }

  private static int[] fallbacks(byte[] terminator) {
    int[] fallback = new int[terminator.length];
    int matched = 0;
    for (int i = 1; i < terminator.length; i++) {
      while (matched > 0 && terminator[i] != terminator[matched]) matched = fallback[matched - 1];
      if (terminator[i] == terminator[matched]) matched++;
      fallback[i] = matched;
    }
    return fallback;
  }
}
