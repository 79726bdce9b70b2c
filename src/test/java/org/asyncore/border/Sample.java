package org.asyncore.border;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The rows of a matrix that a build tries: some, by a seed, or all of them.
 *
 * <p>{@code -Dborder.rows=N} has each suite try N, {@code -Dborder.rows=0} all; {@code
 * -Dborder.seed=S} chooses others. A failure names its row.
 */
final class Sample {
  private Sample() {}

  /**
   * Rows of a matrix.
   *
   * @param usually how many of them an ordinary build tries
   */
  static <T> Stream<T> of(Stream<T> all, int usually) {
    List<T> rows = new ArrayList<>(all.toList());
    int asked = Integer.getInteger("border.rows", usually);
    if (asked == 0 || asked >= rows.size()) return rows.stream();
    Collections.shuffle(rows, new Random(Long.getLong("border.seed", 1)));
    return rows.subList(0, asked).stream();
  }
}
