package org.asyncore.asynchat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What ends a message: the three types that Python's {@code set_terminator} takes.
 *
 * <p>No bytes, a count of 0 and none say the same: collect everything, and never call {@code
 * foundTerminator}. They stay apart for {@link AsyncChat#getTerminator}. Values; safe to share.
 */
public sealed interface Terminator {
  /** Whether no message ever ends. */
  boolean collectsEverything();

  /**
   * These bytes in a row.
   *
   * @param bytes any number of them; copied on the way in and out
   */
  @SuppressWarnings("ArrayRecordComponent") // Never shared, and compared by what is in it.
  record Bytes(byte[] bytes) implements Terminator {
    public Bytes {
      bytes = bytes.clone();
    }

    @Override
    public byte[] bytes() {
      return bytes.clone();
    }

    /** The array itself, for reading. */
    byte[] array() {
      return bytes;
    }

    @Override
    public boolean collectsEverything() {
      return bytes.length == 0;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Bytes[" + new String(bytes, StandardCharsets.ISO_8859_1) + "]";
    }
  }

  /**
   * So many bytes.
   *
   * @param remaining how many are still to come. Below 0 only after {@code collectIncomingData} set
   *     a count smaller than the piece it was given, which async_chat subtracts all the same
   */
  record Count(long remaining) implements Terminator {
    @Override
    public boolean collectsEverything() {
      return remaining == 0;
    }
  }

  /** Nothing does: Python's {@code None}. */
  record None() implements Terminator {
    @Override
    public boolean collectsEverything() {
      return true;
    }
  }
}
