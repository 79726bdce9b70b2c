package org.asyncore.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs a scenario under many orders of events: which of the ready dispatchers comes first, how many
 * bytes a {@code recv} finds and a {@code send} takes, when what a peer does comes, how much time
 * passes take, and so which of two timers is first, whether the loop is interrupted. All of it
 * follows from a seed: the same run on any machine.
 *
 * <pre>{@code
 * Schedules.of(10_000)
 *     .run(
 *         schedule -> {
 *           TestLoop loop = schedule.loop();
 *           new EchoServer("127.0.0.1", 7, loop.map());
 *           loop.connect(7).send("hello").expect("hello");
 *         });
 * }</pre>
 *
 * <p>A failure is made small: of its decisions as few as can be are left that are not the usual
 * ones. Its message has the line of code that replays it. What a scenario uses it makes itself;
 * what is shared by two runs makes the second another run.
 */
public final class Schedules {
  /** How many runs it may take to make a failure small. */
  private static final int MOST_ATTEMPTS = 1_000;

  private final int count;
  private long seed = 1;

  /** What to replay; null for none. */
  private @Nullable Map<String, Integer> replayed;

  private Schedules(int count) {
    this.count = count;
  }

  /**
   * A scenario: builds what it needs on {@code schedule.loop()}, and throws if something is wrong.
   */
  @FunctionalInterface
  public interface Scenario {
    /** Runs it once. */
    void run(Schedule schedule) throws Exception;
  }

  /** So many schedules. */
  public static Schedules of(int count) {
    if (count < 1) throw new IllegalArgumentException("count < 1: " + count);
    return new Schedules(count);
  }

  /** The one schedule that a failure has printed. */
  public static Schedules replay(String decisions) {
    if (decisions == null) throw new IllegalArgumentException("decisions is null");
    Schedules schedules = new Schedules(1);
    schedules.replayed = parse(decisions);
    return schedules;
  }

  private static Map<String, Integer> parse(String decisions) {
    Map<String, Integer> parsed = new LinkedHashMap<>();
    for (String each : decisions.isBlank() ? new String[0] : decisions.strip().split("\\s+", -1)) {
      if (!each.matches("[a-z0-9-]+:\\d{1,9}=\\d{1,9}")) {
        throw new IllegalArgumentException("not KIND:INDEX=DECISION: " + each);
      }
      int equals = each.indexOf('=');
      parsed.put(each.substring(0, equals), Integer.parseInt(each.substring(equals + 1)));
    }
    return parsed;
  }

  /** Of another seed than 1: of other schedules. */
  public Schedules seed(long seed) {
    this.seed = seed;
    return this;
  }

  /**
   * Runs the scenario under each schedule, until one fails.
   *
   * @throws AssertionError with how to replay the smallest failure that was found, and that as its
   *     cause
   */
  public void run(Scenario scenario) {
    if (scenario == null) throw new IllegalArgumentException("scenario is null");
    if (replayed != null) {
      Throwable thrown = failure(scenario, Schedule.replaying(replayed));
      if (thrown != null) throw failed("the schedule", text(replayed), thrown);
      return;
    }
    for (int i = 0; i < count; i++) {
      Schedule schedule = Schedule.random(seed + i);
      Throwable thrown = failure(scenario, schedule);
      if (thrown != null) throw shrunk(scenario, i, schedule, thrown);
    }
  }

  /** What a run throws; null if all is well. */
  private static @Nullable Throwable failure(Scenario scenario, Schedule schedule) {
    try {
      scenario.run(schedule);
      return null;
    } catch (Exception | AssertionError thrown) {
      return thrown;
    } finally {
      schedule.closeLoops();
    }
  }

  private AssertionError shrunk(Scenario scenario, int index, Schedule failing, Throwable first) {
    Smallest smallest = new Smallest(scenario, failing, first);
    smallest.shrink();
    String which = "schedule " + (index + 1) + " of " + count + ", seed " + (seed + index);
    return failed(which, text(smallest.decisions), smallest.thrown);
  }

  private static AssertionError failed(String which, String decisions, Throwable thrown) {
    return new AssertionError(
        which
            + " fails; this replays it:\n\n    Schedules.replay(\""
            + decisions
            + "\").run(...)"
            + "\n\n"
            + thrown,
        thrown);
  }

  private static String text(Map<String, Integer> decisions) {
    return decisions.entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue())
        .collect(Collectors.joining(" "));
  }

  /** The smallest failing schedule so far. */
  private static final class Smallest {
    private final Scenario scenario;
    private Map<String, Integer> decisions;
    private Throwable thrown;
    private int attempts;

    Smallest(Scenario scenario, Schedule failing, Throwable thrown) {
      this.scenario = scenario;
      this.thrown = thrown;
      decisions = failing.decisions();
    }

    /** Leaves out decisions as long as it can; then makes those left small. */
    void shrink() {
      int before;
      do {
        before = decisions.size();
        leaveOut();
      } while (decisions.size() < before);
      for (String key : List.copyOf(decisions.keySet())) {
        Map<String, Integer> smaller = new LinkedHashMap<>(decisions);
        if (decisions.containsKey(key) && smaller.put(key, 1) != 1) still(smaller);
      }
    }

    /** Halves, quarters, and at last single ones. */
    private void leaveOut() {
      for (int size = decisions.size(); size > 0; size /= 2) {
        for (int from = 0; from < decisions.size(); ) {
          if (!still(without(from, size))) from += size;
        }
      }
    }

    private Map<String, Integer> without(int from, int size) {
      List<String> keys = new ArrayList<>(decisions.keySet());
      Map<String, Integer> rest = new LinkedHashMap<>(decisions);
      keys.subList(from, Math.min(from + size, keys.size())).forEach(rest::remove);
      return rest;
    }

    /** Whether it fails still, in the same way; then that is the smallest one. */
    private boolean still(Map<String, Integer> tried) {
      if (attempts++ >= MOST_ATTEMPTS) return false;
      Schedule schedule = Schedule.replaying(tried);
      Throwable again = failure(scenario, schedule);
      if (again == null || again.getClass() != thrown.getClass()) return false;
      decisions = schedule.decisions();
      thrown = again;
      return true;
    }
  }
}
