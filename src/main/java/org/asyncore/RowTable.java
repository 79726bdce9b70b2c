package org.asyncore;

import java.util.Arrays;
import org.asyncore.transport.Held;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a map by number, for what a pass looks up per event: a table for descriptors, and one
 * for the numbers of sockets whose descriptors are gone, see {@link Held}.
 *
 * <p>Changes under the map's lock; reading needs no lock.
 */
final class RowTable {
  /** Linux's nr_open stays well below. */
  private static final int HIGHEST = 1 << 24;

  private static final Entry[] NONE = {};

  private volatile Entry[] descriptors = new Entry[16];
  private volatile Entry[] beyond = NONE;

  static void check(int number) {
    if (number < 0 || index(number) > HIGHEST) {
      throw new IllegalArgumentException("not a descriptor's number: " + number);
    }
  }

  private static int index(int number) {
    return isBeyond(number) ? number - Held.BEYOND_DESCRIPTORS : number;
  }

  private static boolean isBeyond(int number) {
    return number >= Held.BEYOND_DESCRIPTORS;
  }

  /** The row under a number; null if there is none, as under what no number is. */
  @Nullable Entry get(int number) {
    Entry[] table = isBeyond(number) ? beyond : descriptors;
    int index = index(number);
    return index < 0 || index >= table.length ? null : table[index];
  }

  void put(int number, @Nullable Entry entry) {
    int index = index(number);
    if (isBeyond(number)) {
      if (index >= beyond.length) beyond = longer(beyond, index);
      beyond[index] = entry;
    } else {
      if (index >= descriptors.length) descriptors = longer(descriptors, index);
      descriptors[index] = entry;
    }
  }

  private static Entry[] longer(Entry[] table, int index) {
    return Arrays.copyOf(table, Math.max(index + 1, table.length * 2));
  }

  /** Takes out the row under a number that has one. */
  void remove(int number) {
    put(number, null);
  }

  void clear() {
    descriptors = new Entry[16];
    beyond = NONE;
  }
}
