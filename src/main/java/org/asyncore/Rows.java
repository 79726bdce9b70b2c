package org.asyncore;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a map at one moment, in map order. A moment never changes; the moments of one layout
 * share what they can.
 *
 * <p>In a layout an index belongs to one row for good: added rows come behind the others, and what
 * is removed leaves a gap. A new layout begins where gaps are closed, or rows exchanged. So to add
 * and to remove cost no more in a long map than in a short one.
 */
final class Rows {
  /** One gap in so many rows is not worth a new layout. */
  private static final int GAP_SHARE = 8;

  /** Up to {@link #size}; what is behind belongs to later moments. */
  private final Entry[] entries;

  final int size;
  final int layout;
  private final int count;

  /** How many rows were ever removed. */
  private final long removals;

  /** The row that left last in this layout, the first of a chain; null for none. */
  final @Nullable Entry removed;

  private Rows(
      Entry[] entries, int size, int layout, int count, long removals, @Nullable Entry removed) {
    this.entries = entries;
    this.size = size;
    this.layout = layout;
    this.count = count;
    this.removals = removals;
    this.removed = removed;
  }

  static Rows none() {
    return new Rows(new Entry[8], 0, 0, 0, 0, null);
  }

  // --- one moment ---

  /** How many rows there are. */
  int count() {
    return count;
  }

  /** The row of an index, or null for a gap. */
  @Nullable Entry at(int index) {
    Entry entry = entries[index];
    return entry.outlives(removals) ? entry : null;
  }

  /** The row of an index, or the one that left the gap there. */
  Entry atOrBefore(int index) {
    return entries[index];
  }

  /** The first index from {@code index} on that has a row, or {@link #size}. */
  int nextRow(int index) {
    int next = index;
    while (next < size && at(next) == null) next++;
    return next;
  }

  /** Whether this is the row, or the gap it left, of its index. */
  boolean has(Entry entry) {
    int index = entry.index;
    return index < size && entries[index] == entry;
  }

  // --- the next moment; under the map's lock ---

  Rows with(Entry added) {
    Entry[] target = size < entries.length ? entries : Arrays.copyOf(entries, size * 2);
    target[size] = added;
    added.index = size;
    return new Rows(target, size + 1, layout, count + 1, removals, removed);
  }

  Rows replacing(Entry before, Entry after) {
    Entry[] target = entries.clone();
    target[before.index] = after;
    after.index = before.index;
    return new Rows(target, size, layout + 1, count, removals, null);
  }

  Rows without(Entry entry) {
    long removals = this.removals + 1;
    entry.removedAt(removals);
    entry.removedBefore = removed;
    Rows rest = new Rows(entries, size, layout, count - 1, removals, entry);
    return (size - rest.count) * GAP_SHARE > size ? rest.withoutGaps() : rest;
  }

  private Rows withoutGaps() {
    Entry[] target = new Entry[Math.max(8, count + count / 2)];
    int size = 0;
    for (int i = nextRow(0); i < this.size; i = nextRow(i + 1)) {
      entries[i].index = size;
      target[size++] = entries[i];
    }
    return new Rows(target, size, layout + 1, count, removals, null);
  }

  Rows empty() {
    return new Rows(new Entry[8], 0, layout + 1, 0, removals, null);
  }
}
