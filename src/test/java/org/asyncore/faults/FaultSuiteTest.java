package org.asyncore.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many short lives of a dispatcher whose peer misbehaves, each drawn from a seed.
 *
 * <p>{@code -Dfaults.seed=S} plays one and prints it; {@code -Dfaults.runs=N} plays N from {@code
 * -Dfaults.first=F} on.
 */
class FaultSuiteTest {
  private static final int RUNS = 300;
  private static final int MOST_TOLD = 5;

  /** The JDK and Netty open a few things once and for good. */
  private static final int WARM_UPS = 20;

  /** Once wrong; only as long as {@link Plan} draws as it did, and adds nothing to them. */
  private static final long[] KEPT = {
    347, 493, 1082, 1366, 2153, 2839, 3839, 4304, 10429, 10716, 11492, 12324, 12632, 17305, 18187
  };

  /** Likewise, of the runs in which others meddle. */
  private static final long[] KEPT_WITH_MEDDLING = {
    701211, 701584, 701973, 703716, 703764, 706449, 707889, 708634, 709006, 709060, 710160, 710810,
    748385
  };

  @TempDir Path folder;

  /** Null where there is no Python: then all peers are nameless. */
  private Namer namer;

  private final Map<String, Stage> stages = new HashMap<>();

  @Test
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  void nothingIsLostAndNobodyIsCalledOutOfTurn() throws IOException {
    Long seed = Long.getLong("faults.seed");
    long first = seed != null ? seed : Long.getLong("faults.first", 0);
    long runs = seed != null ? 1 : Long.getLong("faults.runs", RUNS);
    Secrets secrets = new Secrets();
    namer = Namer.isAvailable() ? new Namer(folder) : null;
    List<String> failures = new ArrayList<>();
    for (long next = -WARM_UPS; next < 0; next++) play(Plan.of(next), secrets); // Not judged.
    play(Plan.of(17305), secrets); // It has the library open its epoll for a look, for good.
    Set<String> threads = threads();
    try {
      for (long next : seeds(first, runs)) {
        if (failures.size() == MOST_TOLD) break;
        Plan plan = Plan.of(next);
        if (seed != null) System.out.println(plan);
        List<String> wrong = play(plan, secrets);
        if (!wrong.isEmpty()) failures.add(report(plan, wrong));
      }
    } finally {
      stages.values().forEach(Stage::close);
      if (namer != null) namer.close();
    }
    if (!failures.isEmpty()) fail(String.join("\n\n", failures));
    Set<String> started = threads();
    started.removeAll(threads);
    assertEquals(Set.of(), started, "threads that the runs left behind");
  }

  @Test
  void seedsThatAreKeptHaveNothingThatWasAddedLater() {
    for (long seed : KEPT) {
      Plan plan = Plan.of(seed);
      boolean isTlsOverUnix = plan.wire() == Plan.Wire.UNIX && plan.host().isTls();
      assertEquals(Meddling.NONE, plan.meddling(), plan::toString);
      assertFalse(plan.wire().isUdp() || isTlsOverUnix || plan.hasThread(), plan::toString);
    }
  }

  @Test
  void seedsThatAreKeptForTheirMeddlingHaveIt() {
    for (long seed : KEPT_WITH_MEDDLING) {
      Plan plan = Plan.of(seed);
      assertNotEquals(Meddling.NONE, plan.meddling(), plan::toString);
    }
  }

  private static long[] seeds(long first, long runs) {
    LongStream asked = LongStream.range(first, first + runs);
    if (runs != RUNS) return asked.toArray();
    LongStream kept = LongStream.concat(LongStream.of(KEPT), LongStream.of(KEPT_WITH_MEDDLING));
    return LongStream.concat(kept, asked).toArray();
  }

  /** By name, but for those that the JDK, Netty and the library keep for the process. */
  private static Set<String> threads() {
    Set<String> names = new TreeSet<>();
    for (Thread each : Thread.getAllStackTraces().keySet()) names.add(each.getName());
    names.removeIf(name -> name.startsWith("process reaper") || name.startsWith("globalEvent"));
    names.remove("asyncore-held-sends");
    return names;
  }

  private List<String> play(Plan plan, Secrets secrets) {
    return Run.of(plan, stage(plan, secrets), secrets, folder, namer);
  }

  private Stage stage(Plan plan, Secrets secrets) {
    boolean isHosted = plan.host().isHosted();
    return stages.computeIfAbsent(
        plan.transport() + isHosted + plan.hasThread(),
        key ->
            isHosted
                ? new HostedStage(plan.transport(), plan.hasThread(), secrets)
                : new LoopStage(plan.transport(), secrets));
  }

  private static String report(Plan plan, List<String> wrong) {
    return plan
        + "\n  "
        + String.join("\n  ", wrong)
        + "\n  again: mvn test -Dtest=FaultSuiteTest -Dfaults.seed="
        + plan.seed();
  }
}
