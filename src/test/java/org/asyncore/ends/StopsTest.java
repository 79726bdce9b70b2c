package org.asyncore.ends;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.asyncore.faults.Census;
import org.asyncore.fixture.Other;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers that end at any instant: what {@code send} took arrives, or its peer is told; no
 * descriptor stays, and no end takes longer than it may. {@code -Dends.stops=10000} plays so many,
 * from the seed {@code -Dends.first} on; {@code -Dends.seed} plays one.
 */
class StopsTest {
  static final int LINGER_MILLIS = 200;
  private static final String LINGER = "org.asyncore.linger";
  private static final int LIMIT_SECONDS = 60;
  private static final int AT_ONCE = 16;
  private static final int REPLAYS = 3;
  private static final int WARM_UP = 20;
  private static final int SLICE = 250;
  private static final int MOST_TOLD = 20;

  private static final Logger LOGGER = Logger.getLogger("org.asyncore");

  private static String before;

  @TempDir Path folder;

  @BeforeAll
  static void lingerShortly() {
    LOGGER.setLevel(Level.OFF); // What is cut off is logged, each time.
    before = System.setProperty(LINGER, Double.toString(LINGER_MILLIS / 1000.0));
  }

  @AfterAll
  static void lingerAsBefore() {
    if (before == null) System.clearProperty(LINGER);
    else System.setProperty(LINGER, before);
    LOGGER.setLevel(null);
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void loseNothingWithoutAWord() throws Exception {
    Integer one = Integer.getInteger("ends.seed");
    long first = one == null ? Long.getLong("ends.first", 1) : one;
    int count = one == null ? Integer.getInteger("ends.stops", 100) : 1;
    play(runs(-WARM_UP, WARM_UP)); // What is made once is there then, and what is slow at first.
    List<String> wrong = new ArrayList<>();
    for (int done = 0; done < count; done += SLICE) {
      wrong.addAll(playSlice(first + done, Math.min(SLICE, count - done)));
    }
    assertEquals(0, wrong.size(), () -> wrong.size() + " of " + count + ":\n" + told(wrong));
  }

  /** What garbage has closed would not show: all is kept until the descriptors are counted. */
  private List<String> playSlice(long first, int count) throws Exception {
    Census census = Census.take();
    List<StopRun> runs = runs(first, count);
    try {
      List<String> wrong = play(runs);
      wrong.addAll(leftOpen(census));
      for (StopRun run : runs) if (isLateAlways(run)) wrong.add("it takes too long: " + run);
      return wrong;
    } finally {
      Reference.reachabilityFence(runs);
    }
  }

  private static List<String> leftOpen(Census before) {
    try {
      Other.await(() -> sockets(before).isEmpty(), "end of the sockets");
      return List.of();
    } catch (AssertionError left) {
      return List.of(left.getMessage() + ": " + sockets(before));
    }
  }

  private List<StopRun> runs(long first, int count) {
    List<StopRun> runs = new ArrayList<>();
    for (int i = 0; i < count; i++) runs.add(new StopRun(StopPlan.of(first + i), folder));
    return runs;
  }

  /** Alone, and more than once: what others on this machine do is no fault of the library's. */
  private static boolean isLateAlways(StopRun first) throws Exception {
    StopRun last = first;
    for (int i = 0; last.isLate() && i < REPLAYS; i++) {
      last = last.again();
      last.play();
    }
    return last.isLate();
  }

  private static Map<String, String> sockets(Census before) {
    Map<String, String> left = Census.take().since(before);
    left.values().removeIf(each -> !each.startsWith("socket:"));
    left.replaceAll((number, socket) -> SocketTable.line(socket));
    left.values().removeIf(SocketTable::isOfTheJvm);
    return left;
  }

  private static String told(List<String> wrong) {
    return String.join("\n", wrong.subList(0, Math.min(MOST_TOLD, wrong.size())));
  }

  private static List<String> play(List<StopRun> runs) throws Exception {
    ExecutorService players = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<List<String>>> playing = new ArrayList<>();
      for (StopRun run : runs) playing.add(players.submit(run::play));
      List<String> wrong = new ArrayList<>();
      for (int i = 0; i < runs.size(); i++) {
        StopRun run = runs.get(i);
        try {
          for (String each : playing.get(i).get(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            wrong.add(each + " in " + run);
          }
        } catch (TimeoutException late) {
          wrong.add("not over after " + LIMIT_SECONDS + " s, " + run.where() + ", in " + run);
        }
      }
      return wrong;
    } finally {
      players.shutdownNow();
    }
  }
}
