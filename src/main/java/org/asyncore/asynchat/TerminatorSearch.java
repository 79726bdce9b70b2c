package org.asyncore.asynchat;

import java.util.Arrays;

/**
 * Looks for one terminator in an {@link InputBuffer}, and goes on where the last look ended.
 *
 * <p>Knuth-Morris-Pratt: each byte is looked at once, however the input is cut. What is matched so
 * far is also what {@code find_prefix_at_end} would find, so the pieces are async_chat's.
 */
final class TerminatorSearch {
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
        while (i < end && bytes[i] != first) i++;
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
