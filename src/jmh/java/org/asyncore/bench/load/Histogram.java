package org.asyncore.bench.load;

import java.util.Arrays;

/** Counts of times in nanoseconds, to within 3%. */
final class Histogram {
  private static final int SUB_BITS = 5;
  private static final int SUB = 1 << SUB_BITS;

  /** Times below {@code SUB} have a count each; from then on each power of two has {@code SUB}. */
  private final long[] counts = new long[(Long.SIZE - SUB_BITS) * SUB];

  private long total;
  private long max;

  void clear() {
    Arrays.fill(counts, 0);
    total = 0;
    max = 0;
  }

  void add(long nanos) {
    counts[index(nanos)]++;
    total++;
    if (nanos > max) max = nanos;
  }

  long max() {
    return max;
  }

  /** The time that this share of all times does not exceed. */
  long percentile(double share) {
    long wanted = (long) Math.ceil(share * total);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= wanted && seen > 0) return Math.min(upper(i), max);
    }
    return max;
  }

  private static int index(long nanos) {
    long value = Math.max(0, nanos);
    if (value < SUB) return (int) value;
    int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(value);
    int sub = (int) (value >>> (power - SUB_BITS)) & (SUB - 1);
    return (power - SUB_BITS + 1) * SUB + sub;
  }

  private static long upper(int index) {
    if (index < SUB) return index;
    int shift = index / SUB - 1;
    return ((long) (SUB + index % SUB + 1) << shift) - 1;
  }
}
