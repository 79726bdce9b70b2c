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
import org.asyncore.fixture.NettyIo;
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
    playAll(seeds(), null);
  }

  /** On an event loop of the program's own; the library itself has no such transport. */
  @Test
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  void norWhereADispatcherIsHostedOnIoUring() throws IOException {
    NettyIo.IO_URING.assumeAvailable();
    LongStream seeds = LongStream.of(seeds()).filter(seed -> isForIoUring(Plan.of(seed)));
    playAll(seeds.toArray(), NettyIo.IO_URING);
  }

  /** Netty's io_uring does not tell of resets: docs/differences.md#hosted-on-io-uring. */
  private static boolean isForIoUring(Plan plan) {
    boolean endsInReset =
        plan.steps().stream()
            .anyMatch(step -> step.isReset() || (plan.outBytes() > 0 && step.endsConnection()));
    return plan.host().isHosted() && !endsInReset;
  }

  /**
   * Plays the plans of these seeds.
   *
   * @param hostedOn where hosted dispatchers are, instead of where their plans say; null for there
   */
  private void playAll(long[] seeds, NettyIo hostedOn) throws IOException {
    boolean isTold = Long.getLong("faults.seed") != null;
    Secrets secrets = new Secrets();
    namer = Namer.isAvailable() ? new Namer(folder) : null;
    List<String> failures = new ArrayList<>();
    for (long next = -WARM_UPS; next < 0; next++)
      play(Plan.of(next), hostedOn, secrets); // Not judged.
    play(
        Plan.of(17305),
        hostedOn,
        secrets); // It has the library open its epoll for a look, for good.
    Set<String> threads = threads();
    try {
      for (long next : seeds) {
        if (failures.size() == MOST_TOLD) break;
        Plan plan = Plan.of(next);
        if (isTold) System.out.println(plan);
        List<String> wrong = play(plan, hostedOn, secrets);
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

  private static long[] seeds() {
    Long seed = Long.getLong("faults.seed");
    long first = seed != null ? seed : Long.getLong("faults.first", 0);
    long runs = seed != null ? 1 : Long.getLong("faults.runs", RUNS);
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

  private List<String> play(Plan plan, NettyIo hostedOn, Secrets secrets) {
    return Run.of(plan, stage(plan, hostedOn, secrets), secrets, folder, namer);
  }

  private Stage stage(Plan plan, NettyIo hostedOn, Secrets secrets) {
    if (!plan.host().isHosted()) {
      return stages.computeIfAbsent(
          plan.transport(), key -> new LoopStage(plan.transport(), secrets));
    }
    NettyIo io = hostedOn != null ? hostedOn : NettyIo.named(plan.transport());
    return stages.computeIfAbsent(
        io + " " + plan.hasThread(), key -> new HostedStage(io, plan.hasThread(), secrets));
  }

  private static String report(Plan plan, List<String> wrong) {
    return plan
        + "\n  "
        + String.join("\n  ", wrong)
        + "\n  again: mvn test -Dtest=FaultSuiteTest -Dfaults.seed="
        + plan.seed();
  }
}
