package org.asyncore.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One order of events, of many: what a run decides wherever the network might do one thing or
 * another. {@link Schedules} makes them, and replays them.
 *
 * <p>Each decision is a number, and 0 stands for what happens without a schedule: everything at
 * once, in the map's order. Confined to the thread of the scenario.
 */
public final class Schedule {
  private static final int MOST_DECISIONS = 200_000;
  private static final long LONGEST_PASS_NANOS = 1_000_000;

  /** To find up to so many bytes is unusual; the usual is all. */
  private static final int MOST_BYTES = 64;

  /** Null if it only replays. */
  private final @Nullable SplittableRandom random;

  /** Of 100 decisions so many are not the usual one. */
  private final int unusual;

  /** What is to be decided, by KIND:INDEX; what is not here is the usual. */
  private final Map<String, Integer> given;

  /** What was decided that is not the usual, in its order. */
  private final Map<String, Integer> decided = new LinkedHashMap<>();

  /** How often each kind of decision was asked for. */
  private final Map<String, int[]> counts = new HashMap<>();

  private int asked;
  private final List<TestLoop> loops = new ArrayList<>();
  private boolean hasInterrupted;

  private Schedule(@Nullable SplittableRandom random, int unusual, Map<String, Integer> given) {
    this.random = random;
    this.unusual = unusual;
    this.given = given;
  }

  static Schedule random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new Schedule(random, 5 + random.nextInt(60), Map.of());
  }

  static Schedule replaying(Map<String, Integer> given) {
    return new Schedule(null, 0, given);
  }

  /** The loop of the scenario, in which this schedule decides; closed when the scenario is over. */
  public TestLoop loop() {
    TestLoop loop = new TestLoop(this);
    loops.add(loop);
    return loop;
  }

  /** One of so many things that the scenario itself leaves to chance: from 0 on. */
  public int choose(int count) {
    if (count < 1) throw new IllegalArgumentException("count < 1: " + count);
    return decide("choose", count);
  }

  private int decide(String what, int count) {
    if (count == 1) return 0;
    if (asked++ >= MOST_DECISIONS) {
      throw new AssertionError("a schedule without an end: " + MOST_DECISIONS + " decisions");
    }
    int index = counts.computeIfAbsent(what, key -> new int[1])[0]++;
    int decision = random == null ? decisionGiven(what, index) % count : chance(random, count);
    if (decision != 0) decided.put(what + ":" + index, decision);
    return decision;
  }

  private int decisionGiven(String what, int index) {
    return given.isEmpty() ? 0 : given.getOrDefault(what + ":" + index, 0);
  }

  private int chance(SplittableRandom random, int count) {
    return random.nextInt(100) < unusual ? 1 + random.nextInt(count - 1) : 0;
  }

  /** What was not the usual, in its order. */
  Map<String, Integer> decisions() {
    return decided;
  }

  void closeLoops() {
    for (TestLoop loop : loops) loop.close();
  }

  boolean hasInterrupted() {
    boolean has = hasInterrupted;
    hasInterrupted = false;
    return has;
  }

  /** What it decides on a network. */
  Odds odds() {
    return new Decisions();
  }

  private final class Decisions implements Odds {
    @Override
    public int upTo(String what, int most) {
      if (most <= 1) return most;
      int decision = decide(what, Math.min(most, MOST_BYTES));
      return decision == 0 ? most : decision;
    }

    @Override
    public boolean keepsOrder() {
      return false;
    }

    @Override
    public int first(int count) {
      return decide("order", count);
    }

    @Override
    public boolean acts(Peer peer) {
      return peer.isUnderWay() && decide(peer.kind(), 2) == 0;
    }

    @Override
    public boolean interrupts() {
      hasInterrupted = decide("interrupt", 32) == 31;
      return hasInterrupted;
    }
  }

  /** How long it takes to come to the next pass. */
  long passNanos() {
    return decide("time", 4) * (LONGEST_PASS_NANOS / 4);
  }
}
