package org.asyncore.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The figures of docs/testing.md: {@code mvn test -Dtest=FiguresCheck}. */
class FiguresCheck {
  private static final int RUNS = 2000;
  private static final int SCHEDULES = 10_000;

  /** Milliseconds of the processor, of this thread: what else runs does not count. */
  private static double millis(Runnable work) {
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    work.run();
    long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
    return took / 1e6;
  }

  @Test
  void figures() {
    double[] tests = new double[RUNS];
    for (int i = 0; i < RUNS; i++) {
      tests[i] = millis(new RecipesTest()::whoSaysNothingForFiveMinutesIsClosed);
    }
    System.out.printf(
        "an idle timeout of five minutes, tested: %.2f ms, then %.2f%n", tests[0], tests[1]);
    double[] warm = Arrays.copyOfRange(tests, RUNS / 2, RUNS);
    Arrays.sort(warm);
    double median = warm[warm.length / 2];
    System.out.printf("warm, the median of %d: %.3f ms%n", warm.length, median);
    assertTrue(median < 5, () -> "too slow when warm: " + median + " ms");
    for (int i = 1; i <= 2; i++) {
      long start = System.nanoTime();
      double took = millis(() -> Schedules.of(SCHEDULES).run(SchedulesTest::chat));
      double passed = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          "%d schedules of a chat room, run %d: %.1f s, %.1f s of the processor%n",
          SCHEDULES, i, passed, took / 1000);
    }
  }
}
