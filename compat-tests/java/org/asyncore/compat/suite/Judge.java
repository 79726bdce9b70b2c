package org.asyncore.compat.suite;

import java.io.IOException;
import java.util.List;
import org.asyncore.compat.process.Played;
import org.asyncore.compat.scenario.TraceDiff;
import org.asyncore.compat.scenario.Traces;

/** Compares what was played with what CPython did, and with the list of differences. */
final class Judge {
  private final Traces traces;
  private final Differences differences;

  Judge(Traces traces, Differences differences) {
    this.traces = traces;
    this.differences = differences;
  }

  Result judge(Case tried, Played played) {
    String why = difference(tried, played.lines());
    if (played.problem() != null) { // No difference of behaviour, and never an intended one.
      return new Result(tried, Outcome.FAILED, null, played.problem() + "\n" + why);
    }
    Differences.Line named = differences.of(tried);
    if (named == null) {
      return new Result(tried, why.isEmpty() ? Outcome.PASSED : Outcome.FAILED, null, why);
    }
    if (!why.isEmpty()) return new Result(tried, Outcome.NAMED, named.entry(), why);
    String gone = "no longer differs; take out of " + differences.file() + ": " + named;
    return new Result(tried, Outcome.FAILED, named.entry(), gone);
  }

  private String difference(Case tried, List<String> got) {
    List<String> expected;
    try {
      expected = traces.trace(tried.file(), tried.mode());
    } catch (IOException e) {
      return "no trace of CPython's: " + e.getMessage();
    }
    TraceDiff diff = new TraceDiff(expected, got);
    if (diff.isEmpty()) return "";
    return tried.scenario().shows()
        + "\nread: "
        + OriginalFunction.of(diff.expectedLine(), tried.mode())
        + "\n"
        + diff;
  }
}
