package org.asyncore.asynchat;

import java.util.Objects;

/** The function of Python's {@code asynchat} module. */
public final class Asynchat {
  private Asynchat() {}

  /**
   * How many bytes at the end of {@code haystack} are the beginning of {@code needle}, the whole
   * needle excepted: {@code asynchat.find_prefix_at_end}.
   *
   * <p>Costs O(needle), where Python's costs its square. An empty needle gives -1, as there.
   */
  public static int findPrefixAtEnd(byte[] haystack, byte[] needle) {
    Objects.requireNonNull(haystack, "haystack is null");
    Objects.requireNonNull(needle, "needle is null");
    if (needle.length == 0) return -1;
    return TerminatorSearch.prefixAtEnd(haystack, needle);
  }
}
