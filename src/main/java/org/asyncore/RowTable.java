package org.asyncore;

import org.asyncore.transport.Held;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a map by number, for what a pass looks up per event. As long as the rows of a map,
 * not as their highest number: a program may have a map for each connection.
 *
 * <p>A row's place is its number's low bits, or the first free one behind that. Descriptors are
 * dealt lowest first, so they are side by side, each in its own place.
 *
 * <p>Changes under the map's lock; reading needs no lock.
 */
final class RowTable {
  /** Linux's nr_open stays well below. */
  private static final int HIGHEST = 1 << 24;

  private static final int SHORTEST = 8;

  /** In a place that was given up, while a row behind it may have been put there for lack of it. */
  private static final Object GIVEN_UP = new Object();

  /** A power of two; each a row, null, or {@link #GIVEN_UP}. At most half of them are not null. */
  private volatile @Nullable Object[] places = new Object[SHORTEST];

  private int rows;
  private int taken;

  static void check(int number) {
    int index = number >= Held.BEYOND_DESCRIPTORS ? number - Held.BEYOND_DESCRIPTORS : number;
    if (index < 0 || index > HIGHEST) {
      throw new IllegalArgumentException("not a descriptor's number: " + number);
    }
  }

  /** The row under a number; null if there is none, as under what no number is. */
  @Nullable Entry get(int number) {
    @Nullable Object[] now = places;
    Object there = now[placeOf(number, now)]; // Another one by now, perhaps.
    return there instanceof Entry row && row.number == number ? row : null;
  }

  /** Puts a row under its number, in the place of whoever is there. */
  void put(Entry row) {
    if (2 * (taken + 1) > places.length) makeRoom();
    @Nullable Object[] now = places;
    int place = placeOf(row.number, now);
    if (now[place] instanceof Entry) {
      now[place] = row;
      return;
    }
    if (now[place] == null) taken++;
    now[place] = row;
    rows++;
  }

  /** Where the row under a number is; if there is none, where to put it. */
  private static int placeOf(int number, @Nullable Object[] among) {
    int mask = among.length - 1;
    int free = -1;
    int i = number & mask;
    for (; among[i] != null; i = (i + 1) & mask) {
      if (among[i] instanceof Entry row) {
        if (row.number == number) return i;
      } else if (free < 0) {
        free = i;
      }
    }
    return free < 0 ? i : free;
  }

  /** For half as many again at least; those who look meanwhile look into what was before. */
  private void makeRoom() {
    @Nullable Object[] made =
        new Object[Math.max(SHORTEST, 2 * Integer.highestOneBit(3 * (rows + 1)))];
    for (Object there : places) {
      if (there instanceof Entry row) made[placeOf(row.number, made)] = row;
    }
    places = made;
    taken = rows;
  }

  /** Takes out the row under a number, if there is one. */
  void remove(int number) {
    @Nullable Object[] now = places;
    int mask = now.length - 1;
    int i = placeOf(number, now);
    if (!(now[i] instanceof Entry)) return;
    now[i] = GIVEN_UP;
    rows--;
    if (now[(i + 1) & mask] != null) return;
    for (; now[i] == GIVEN_UP; i = (i - 1) & mask) { // Nobody is behind them.
      now[i] = null;
      taken--;
    }
  }

  void clear() {
    places = new Object[SHORTEST];
    rows = 0;
    taken = 0;
  }
}
