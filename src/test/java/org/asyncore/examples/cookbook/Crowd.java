package org.asyncore.examples.cookbook;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.asyncore.examples.cookbook.Guest.Manner;

/** Guests of all manners, who come to one recipe at the same time. */
final class Crowd implements AutoCloseable {
  private static final int SECONDS = 60;

  /** No talk has more steps than guests draw from; who has not left by its end stays. */
  private static final int MOST_STEPS = 16;

  private static final Manner[] MANNERS = {
    Manner.PLAIN, Manner.RESETTING, Manner.DRIBBLING, Manner.PLAIN, Manner.LEAVING
  };

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "guest");
            thread.setDaemon(true);
            return thread;
          });

  /** Has so many of them come; each that stays hears every byte, or this fails. */
  void visit(Table table, int guests, long seed) {
    List<Manner> manners = new ArrayList<>();
    for (int i = 0; i < guests; i++) {
      manners.add(i % 25 == 5 ? Manner.SLOW : MANNERS[i % MANNERS.length]);
    }
    long slow = manners.stream().filter(manner -> manner == Manner.SLOW).count();
    CountDownLatch others = new CountDownLatch((int) (guests - slow));
    List<CompletableFuture<Void>> visits = new ArrayList<>();
    for (int i = 0; i < guests; i++) {
      Manner manner = manners.get(i);
      Random random = new Random(seed * 1000 + i);
      String who = manner + " guest " + i + " of seed " + seed;
      visits.add(
          CompletableFuture.runAsync(
              () -> {
                try {
                  come(table, manner, random.nextInt(MOST_STEPS), random, others);
                } catch (Exception | AssertionError failed) {
                  throw new AssertionError(who, failed);
                } finally {
                  if (manner != Manner.SLOW) others.countDown();
                }
              },
              threads));
    }
    for (CompletableFuture<Void> each : visits) within(each);
  }

  private static void within(CompletableFuture<Void> visit) {
    try {
      visit.get(SECONDS, TimeUnit.SECONDS);
    } catch (Exception failed) {
      throw new AssertionError("a visit", failed);
    }
  }

  /**
   * One comes, alone.
   *
   * @return whether it has left before its end
   */
  boolean visit(Table table, Manner manner, int leavesAt, long seed) throws Exception {
    return come(table, manner, leavesAt, new Random(seed), new CountDownLatch(0));
  }

  /** One says this, whatever comes of it, and gives what it heard. */
  String provoke(Table table, Table.Bad bad) throws Exception {
    Random random = new Random(1);
    Table.Seat seat = table.badSeat(random);
    CountDownLatch nobody = new CountDownLatch(0);
    Guest guest = new Guest(seat.wire(), Manner.PLAIN, 0, random, threads, nobody);
    try {
      guest.send(bad.input());
      return guest.hearUntil(bad.answer());
    } finally {
      guest.away();
    }
  }

  private boolean come(
      Table table, Manner manner, int leavesAt, Random random, CountDownLatch others)
      throws Exception {
    Table.Seat seat = table.seat(manner == Manner.SLOW, random);
    Guest guest = new Guest(seat.wire(), manner, leavesAt, random, threads, others);
    boolean isWhole = false;
    try {
      seat.talk().with(guest);
      isWhole = true;
      guest.goodbye();
      return false;
    } catch (Guest.Gone gone) {
      return true;
    } finally {
      if (!isWhole) guest.away();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
