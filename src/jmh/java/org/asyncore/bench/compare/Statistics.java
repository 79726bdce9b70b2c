package org.asyncore.bench.compare;

import java.util.Arrays;

/** Medians and how sure they are, without assuming how values are spread. */
public final class Statistics {
  private Statistics() {}

  /**
   * A median and where the true one is, with 90% confidence.
   *
   * @param median the middle of the values
   * @param low the lower end of the interval
   * @param high the upper end
   */
  public record Interval(double median, double low, double high) {}

  /** The middle one, or the mean of the middle two. */
  public static double median(double... values) {
    if (values.length == 0) return Double.NaN;
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * The median with its 90% interval by order statistics: the kth smallest and kth largest value,
   * for the largest k that leaves at most 5% of a binomial distribution on each side.
   */
  public static Interval interval(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    if (n == 0) return new Interval(Double.NaN, Double.NaN, Double.NaN);
    double below = 0; // The chance that fewer than k values are below the true median.
    double chance = Math.pow(0.5, n);
    int k = 0;
    while (k < n / 2 && below + chance <= 0.05) {
      below += chance;
      chance *= (double) (n - k) / (k + 1);
      k++;
    }
    int index = Math.max(0, k - 1);
    return new Interval(median(values), sorted[index], sorted[n - 1 - index]);
  }

  /** Half the distance between the quartiles, as a share of the median. */
  public static double spread(double... values) {
    if (values.length < 2) return 0;
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double low = sorted[sorted.length / 4];
    double high = sorted[sorted.length - 1 - sorted.length / 4];
    return (high - low) / 2 / median(values);
  }
}
