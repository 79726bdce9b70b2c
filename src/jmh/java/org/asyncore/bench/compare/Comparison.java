package org.asyncore.bench.compare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.asyncore.bench.compare.Statistics.Interval;

/** One server's rounds of one scenario, beside the same rounds of the server it is measured by. */
public final class Comparison {
  private final String kind;
  private final List<Slice> slices;
  private final Map<Integer, Slice> baseline = new HashMap<>();

  /** Of all the rounds of one scenario. */
  public Comparison(List<Slice> scenario, String kind, String baselineKind) {
    this.kind = kind;
    slices = scenario.stream().filter(slice -> slice.kind().equals(kind)).toList();
    for (Slice slice : scenario) {
      if (slice.kind().equals(baselineKind)) baseline.put(slice.round(), slice);
    }
  }

  /** The server's id. */
  public String kind() {
    return kind;
  }

  /** How many rounds there are. */
  public int rounds() {
    return slices.size();
  }

  /** The figure of each round. */
  public double[] each(ToDoubleFunction<Slice> figure) {
    return slices.stream().mapToDouble(figure).toArray();
  }

  /** The median of a figure. */
  public double median(ToDoubleFunction<Slice> figure) {
    return Statistics.median(each(figure));
  }

  /** The sum of a figure over all rounds. */
  public double sum(ToDoubleFunction<Slice> figure) {
    return slices.stream().mapToDouble(figure).sum();
  }

  /** Messages for a second of CPU, against the same round of the other server. */
  public Interval perCpuSecond() {
    return ratio(slice -> 1 / slice.cpuPerMessage());
  }

  /** Messages a second, against the same round of the other server. */
  public Interval throughput() {
    return ratio(Slice::throughput);
  }

  private Interval ratio(ToDoubleFunction<Slice> figure) {
    List<Double> ratios = new ArrayList<>();
    for (Slice slice : slices) {
      Slice other = baseline.get(slice.round());
      if (other != null) ratios.add(figure.applyAsDouble(slice) / figure.applyAsDouble(other));
    }
    return Statistics.interval(ratios.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
