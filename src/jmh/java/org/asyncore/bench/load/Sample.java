package org.asyncore.bench.load;

/**
 * What a run of the load counted. Travels between processes as one line.
 *
 * @param messages answered messages, each byte checked
 * @param bytes answered bytes
 * @param nanos from the first byte sent to the last one answered
 * @param p50 the median time from a message to its answer, in nanoseconds
 * @param p90 what 90 of 100 messages did not exceed
 * @param p99 what 99 of 100 messages did not exceed
 * @param p999 what 999 of 1,000 messages did not exceed
 * @param max the longest
 */
public record Sample(
    long messages, long bytes, long nanos, long p50, long p90, long p99, long p999, long max) {

  static Sample of(long messages, long bytes, long nanos, Histogram times) {
    return new Sample(
        messages,
        bytes,
        nanos,
        times.percentile(0.5),
        times.percentile(0.9),
        times.percentile(0.99),
        times.percentile(0.999),
        times.max());
  }

  String toLine() {
    return "ran " + messages + " " + bytes + " " + nanos + " " + p50 + " " + p90 + " " + p99 + " "
        + p999 + " " + max;
  }

  /** Reads what {@link #toLine} wrote. */
  public static Sample parse(String line) {
    String[] word = line.split(" ", -1);
    if (word.length != 9 || !word[0].equals("ran")) {
      throw new IllegalArgumentException("not a sample: " + line);
    }
    long[] value = new long[8];
    for (int i = 0; i < value.length; i++) value[i] = Long.parseLong(word[i + 1]);
    return new Sample(
        value[0], value[1], value[2], value[3], value[4], value[5], value[6], value[7]);
  }
}
