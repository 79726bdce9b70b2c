package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.Wiring;
import org.asyncore.migrate.DispatcherHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What threads ask of a loop that waits: commands, calls, wake-ups, stops. */
@ParameterizedClass
@MethodSource("org.asyncore.fixture.Wiring#inet")
class LoopCallsTest {
  private static final long LIMIT_SECONDS = 15;

  private final Wiring wiring;
  private final Loopback loopback;
  private final SocketMap map;
  private final List<Other<Void>> loopers = new ArrayList<>();

  LoopCallsTest(Wiring wiring) {
    this.wiring = wiring;
    loopback = new Loopback(wiring);
    map = loopback.map();
  }

  @AfterEach
  void stop() {
    for (Other<Void> looper : loopers) looper.thread().interrupt();
    loopback.close();
  }

  private Other<Void> loop() {
    Other<Void> looper =
        Other.thread(
            "looper " + loopers.size(),
            () -> {
              Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), map);
              return null;
            });
    loopers.add(looper);
    return looper;
  }

  private Other<Void> loopThatWaits() {
    return loop().awaitIn("runIo");
  }

  /** Something to keep a loop going. */
  private void listen() {
    loopback.listener("a");
  }

  private static <T> T within(CompletableFuture<T> future) throws Exception {
    return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  private CompletableFuture<String> runsOn() {
    CompletableFuture<String> thread = new CompletableFuture<>();
    map.execute(() -> thread.complete(Thread.currentThread().getName()));
    return thread;
  }

  // --- commands ---

  @Test
  void aCommandEndsAWaitAndRunsOnTheLoopsThread() throws Exception {
    listen();
    loopThatWaits();
    assertEquals("looper 0", within(runsOn()));
  }

  @Test
  void commandsWaitForSomebodyWhoLoops() throws Exception {
    CompletableFuture<String> thread = runsOn();
    Asyncore.loop(0, wiring.usePoll(), map, 1); // Over an empty map: nothing runs.
    assertFalse(thread.isDone());
    listen();
    Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), map, 1);
    assertEquals(Thread.currentThread().getName(), within(thread));
  }

  @Test
  void anEmptyMapWaitsForCommandsIfItKeepsRunning() throws Exception {
    map.keepRunning(true);
    loopThatWaits();
    assertEquals("looper 0", within(runsOn()));
    map.keepRunning(false);
    loopers.get(0).result();
  }

  @Test
  void commandsOfEachThreadRunInTheirOrderAndNoneIsLost() throws Exception {
    int threads = 4;
    int each = 5_000;
    listen();
    loopThatWaits();
    int[] last = new int[threads];
    CountDownLatch left = new CountDownLatch(threads * each);
    List<String> disorder = new ArrayList<>();
    List<Other<Void>> others = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int thread = t;
      others.add(
          Other.thread(
              "commander " + t,
              () -> {
                for (int i = 1; i <= each; i++) {
                  int number = i;
                  map.execute(
                      () -> {
                        if (last[thread] != number - 1) disorder.add(thread + ": " + number);
                        last[thread] = number;
                        left.countDown();
                      });
                }
                return null;
              }));
    }
    for (Other<Void> other : others) other.result();
    assertTrue(left.await(LIMIT_SECONDS, TimeUnit.SECONDS), () -> left.getCount() + " are left");
    assertEquals(List.of(), disorder);
  }

  @Test
  void noWakeUpIsLost() throws Exception {
    listen();
    loopThatWaits();
    for (int i = 0; i < 5_000; i++) {
      CompletableFuture<String> answer = runsOn(); // The loop is about to wait, or to wake.
      assertEquals("looper 0", within(answer));
    }
  }

  @Test
  void aCallOfAnotherThreadThatIsDueFirstShortensTheWait() throws Exception {
    listen();
    map.callLater(Duration.ofDays(1), () -> {});
    loopThatWaits();
    CompletableFuture<String> ran = new CompletableFuture<>();
    map.callLater(Duration.ofMillis(5), () -> ran.complete(Thread.currentThread().getName()));
    assertEquals("looper 0", within(ran));
  }

  @Test
  void aCallIsNeverEarly() throws Exception {
    listen();
    loopThatWaits();
    for (int i = 0; i < 50; i++) {
      long delayNanos = 100_000L * i;
      CompletableFuture<Long> ranAt = new CompletableFuture<>();
      long start = System.nanoTime();
      map.callLater(Duration.ofNanos(delayNanos), () -> ranAt.complete(System.nanoTime()));
      long tookNanos = within(ranAt) - start;
      assertTrue(tookNanos >= delayNanos, () -> tookNanos + " ns instead of " + delayNanos);
    }
  }

  @Test
  void aCallThatComesWhileTheLoopGoesToSleepIsNotSleptThrough() throws Exception {
    listen();
    loopThatWaits();
    for (int i = 0; i < 5000; i++) {
      CompletableFuture<Void> ran = new CompletableFuture<>();
      map.callLater(Duration.ofNanos(20_000), () -> ran.complete(null));
      within(ran); // The loop is on its way to its next wait when the next call comes.
    }
  }

  @Test
  void aCallScheduledFromOutsideDoesNotEndTheOnePassThatWaits() throws Exception {
    listen();
    Other<Void> onePass =
        Other.thread(
            "one pass",
            () -> {
              Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), map, 1);
              return null;
            });
    onePass.awaitIn("runIo");
    map.callLater(Duration.ofDays(1), () -> {}).cancel();
    CompletableFuture<Void> ran = new CompletableFuture<>();
    map.callLater(Duration.ofMillis(20), () -> ran.complete(null));
    onePass.result();
    assertTrue(ran.isDone());
  }

  @Test
  void cancellingRacesWithTheLoopAndOneOfThemWins() throws Exception {
    listen();
    loopThatWaits();
    AtomicInteger runs = new AtomicInteger();
    int cancelled = 0;
    int rounds = 3_000;
    for (int i = 0; i < rounds; i++) {
      ScheduledCall call = map.callLater(Duration.ofNanos(i * 20L), runs::incrementAndGet);
      if (i % 3 == 0) Thread.onSpinWait();
      if (call.cancel()) cancelled++;
    }
    within(runsOn());
    assertEquals(rounds, runs.get() + cancelled);
  }

  @Test
  void everyIsCancelledWhileItRuns() throws Exception {
    listen();
    loopThatWaits();
    CyclicBarrier barrier = new CyclicBarrier(2);
    AtomicInteger runs = new AtomicInteger();
    ScheduledCall call =
        map.callEvery(
            Duration.ofNanos(1),
            () -> {
              runs.incrementAndGet();
              meet(barrier);
              meet(barrier);
            });
    meet(barrier);
    assertFalse(call.isDone());
    assertTrue(call.cancel());
    meet(barrier);
    within(runsOn());
    within(runsOn());
    assertEquals(1, runs.get());
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("the other one did not come", e);
    }
  }

  // --- wake-ups ---

  @Test
  void aWakeUpEndsAPass() throws Exception {
    listen();
    Other<Void> onePass =
        Other.thread(
            "one pass",
            () -> {
              Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), map, 1);
              return null;
            });
    onePass.awaitIn("runIo");
    map.wakeup();
    onePass.result();
  }

  @Test
  void aWakeUpThatComesFirstEndsTheNextWaitAndOnlyThat() throws Exception {
    listen();
    map.wakeup();
    map.wakeup();
    Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), map, 1);
    map.callLater(Duration.ofMillis(1), () -> loopback.calls().add("called"));
    Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), map, 1);
    assertEquals(List.of("called"), loopback.calls());
  }

  // --- stopping ---

  @Test
  void stopEndsALoopThatWaits() {
    listen();
    Other<Void> looper = loopThatWaits();
    map.stop();
    looper.result();
    assertEquals(1, map.size());
  }

  @Test
  void stopInACallbackEndsTheLoopAfterItsPass() throws Exception {
    loopback.link("a").dispatcher().on("handleWrite", d -> map.stop());
    loopback.link("b").dispatcher().on("handleWrite", d -> d.wants(true, false));
    loopback.calls().take();
    Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), map);
    assertEquals(List.of("a handleWrite", "b handleWrite"), loopback.calls());
    assertEquals(2, map.size());
  }

  @Test
  void stopEndsNestedLoopsAndThoseOfOtherThreads() {
    listen();
    Other<Void> other = loopThatWaits();
    map.execute(
        () -> {
          try {
            Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), map);
          } catch (InterruptedException e) {
            throw new AssertionError("interrupted in the nested loop", e);
          }
        });
    Other<Void> second = loop();
    second.awaitIn("takeTurn", "runIo");
    other.awaitIn("runIo", "takeTurn");
    map.stop();
    other.result();
    second.result();
  }

  @Test
  void aStopBeforeTheLoopIsForTheNextOneOnly() throws Exception {
    listen();
    map.stop();
    Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), map);
    map.callLater(Duration.ofMillis(1), map::stop);
    CompletableFuture<String> ran = runsOn();
    Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), map);
    assertTrue(ran.isDone());
  }

  @Test
  void aStopInTheLastPassIsNotKept() throws Exception {
    listen();
    map.execute(
        () -> {
          map.stop();
          for (Dispatcher dispatcher : map) dispatcher.close();
        });
    Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), map);
    listen();
    CompletableFuture<String> ran = runsOn();
    Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), map, 1);
    assertTrue(ran.isDone());
  }

  @Test
  void aLoopThatKeepsRunningNoticesWhoComes() throws Exception {
    map.keepRunning(true);
    loopThatWaits();
    try (Loopback elsewhere = new Loopback(wiring)) {
      for (int i = 0; i < 100; i++) {
        Loopback.Linked linked = elsewhere.link("late");
        linked.dispatcher().wants(true, false).on("handleRead", d -> d.send(d.recv(100)));
        elsewhere.map().remove(linked.dispatcher().fileno());
        map.put(linked.dispatcher().fileno(), linked.dispatcher());
        assertEquals("hello", linked.peer().send("hello").receive(5));
        map.remove(linked.dispatcher().fileno());
        linked.dispatcher().close();
      }
    }
  }

  // --- what is refused ---

  @Test
  void nullIsRefused() {
    assertEquals(
        "command is null",
        assertThrows(NullPointerException.class, () -> map.execute(null)).getMessage());
    assertFalse(map.calls().areUsed());
  }

  @Test
  void aHostedMapHasNoLoopToAsk() {
    SocketMap hosted = DispatcherHandler.newMap();
    for (Runnable asked :
        List.<Runnable>of(
            () -> hosted.execute(() -> {}),
            hosted::wakeup,
            hosted::stop,
            () -> hosted.keepRunning(true),
            () -> hosted.callLater(Duration.ZERO, () -> {}),
            () -> new Dispatcher(hosted).callLater(Duration.ZERO, () -> {}))) {
      assertThrows(IllegalStateException.class, asked::run);
      assertFalse(hosted.calls().areUsed());
      assertFalse(hosted.keepRunning());
    }
  }

  @Test
  void theDefaultMapHasAShortForm() throws Exception {
    Asyncore.stop();
    SocketMap theirs = Asyncore.socketMap();
    assertTrue(theirs.calls().areUsed());
    Asyncore.loop(); // Takes the stop, so that nobody else does.
    assertSame(theirs, Asyncore.socketMap());
    assertFalse(theirs.calls().takeStop());
  }
}
