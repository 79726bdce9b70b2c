package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.Shutdown;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** How long real passes wait, what ends the wait, and what it costs. */
@ParameterizedClass
@MethodSource("org.asyncore.fixture.Wiring#inet")
class WaitTest {
  private final Wiring wiring;
  private final Loopback loopback;
  private final List<String> calls;

  WaitTest(Wiring wiring) {
    this.wiring = wiring;
    loopback = new Loopback(wiring);
    calls = loopback.calls();
  }

  @AfterEach
  void close() {
    loopback.close();
  }

  @Test
  void anIdlePassLastsForItsTimeoutEachTime() {
    loopback.listener("idle");
    long millis = millisOf(() -> Passes.loop(0.1, wiring.usePoll(), loopback.map(), 2));
    assertTrue(millis >= 199 && millis < 2000, "2 passes of 100 ms took " + millis + " ms");
  }

  @Test
  void aTimeoutOfZeroDoesNotWait() {
    loopback.listener("idle");
    long millis = millisOf(() -> Passes.loop(0, wiring.usePoll(), loopback.map(), 100));
    assertTrue(millis < 2000, "100 passes took " + millis + " ms");
  }

  @Test
  void withNobodyInterestedThePassLastsForItsTimeoutWhateverArrives() {
    Loopback.Linked linked = loopback.link("a");
    linked.dispatcher().wants(false, false);
    linked.peer().send("x");
    long millis = millisOf(() -> Passes.loop(0.1, wiring.usePoll(), loopback.map(), 1));
    assertTrue(millis >= 99 && millis < 2000, "the pass took " + millis + " ms");
    assertEquals(List.of(), calls);
  }

  @Test
  void anEventEndsTheWait() {
    Loopback.Linked linked = loopback.link("a");
    linked.dispatcher().wants(true, false).on("handleRead", d -> d.send(d.recv(9)));
    Other<String> sender = Other.thread("sender", () -> linked.peer().send("x").receive(1));
    long millis =
        millisOf(() -> Passes.loop(Asyncore.FOREVER, wiring.usePoll(), loopback.map(), 1));
    assertTrue(millis < 2000, "the pass took " + millis + " ms");
    assertEquals("x", sender.result());
    assertEquals(List.of("a handleRead"), calls);
  }

  @Test
  void aChannelWithNoRoomIsNotWrittenUntilItsPeerReads() {
    Loopback.Linked linked = loopback.link("a");
    linked.dispatcher().wants(false, false);
    byte[] piece = new byte[1 << 20];
    long taken = 0;
    for (int n; (n = linked.dispatcher().send(piece)) > 0; ) taken += n;
    linked.dispatcher().wants(false, true);
    loopback.pass();
    Passes.loop(0.05, wiring.usePoll(), loopback.map(), 1);
    assertEquals(List.of(), calls, "there is no room");
    long expected = taken;
    Other<String> reader =
        Other.thread("reader", () -> "read " + linked.peer().receive((int) expected).length());
    loopback.untilCalled("a handleWrite");
    assertEquals("read " + taken, reader.result());
  }

  @Test
  void anInterruptEndsTheWaitPromptlyAndClearsTheFlag() {
    loopback.listener("idle");
    Other<Boolean> looper =
        Other.thread(
            "looper",
            () -> {
              assertThrows(
                  InterruptedException.class,
                  () -> Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), loopback.map()));
              return Thread.currentThread().isInterrupted();
            });
    looper.awaitIn("runIo");
    long start = System.nanoTime();
    looper.thread().interrupt();
    assertEquals(false, looper.result());
    assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(2), "not promptly");
    assertEquals(1, loopback.map().size(), "channels stay");
  }

  @Test
  void aThreadThatArrivesInterruptedMakesNoPass() {
    Loopback.Linked linked = loopback.link("a");
    linked.peer().send("x");
    Thread.currentThread().interrupt();
    assertThrows(
        InterruptedException.class,
        () -> Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), loopback.map()));
    assertFalse(Thread.currentThread().isInterrupted());
    assertEquals(List.of(), calls);
    loopback.untilCalled("a handleRead");
  }

  @Test
  void anInterruptInACallbackLeavesAtTheNextPass() {
    Loopback.Linked linked = loopback.link("a");
    linked
        .dispatcher()
        .wants(false, true)
        .on("handleWrite", d -> Thread.currentThread().interrupt());
    assertThrows(
        InterruptedException.class,
        () -> Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), loopback.map()));
    assertFalse(Thread.currentThread().isInterrupted());
    assertEquals(List.of("a handleWrite"), calls);
  }

  @Test
  void anIdleWaitCostsNoProcessorTime() {
    Loopback.Linked linked = loopback.link("a");
    linked.dispatcher().wants(true, false);
    loopback.listener("idle");
    assertWaitIsCheap("fresh");
    linked.dispatcher().wants(true, true);
    loopback.pass();
    linked.dispatcher().wants(true, false);
    assertWaitIsCheap("after a write");
    linked.peer().send("x");
    linked.dispatcher().on("handleRead", d -> d.recv(9));
    loopback.untilCalled("a handleRead");
    assertWaitIsCheap("after a read");
  }

  @Test
  void aWaitBesideAnEventThatNobodyAskedForCostsNoProcessorTime() {
    Loopback.Linked linked = loopback.link("a");
    linked.dispatcher().wants(false, false);
    loopback.listener("idle");
    linked.peer().send("x").endOutput();
    assertWaitIsCheap("data and an end that nobody reads");
    linked.dispatcher().socket().shutdown(Shutdown.WR);
    linked.dispatcher().delChannel(); // In poll mode it would be told of the hang-up.
    assertWaitIsCheap("hung up, in no map");
  }

  @Test
  void aChannelThatWasOutOfTheMapWhileDataCameWaitsAsCheaplyAsBefore() {
    Loopback.Linked linked = loopback.link("a");
    linked.dispatcher().wants(true, false).on("handleRead", d -> d.recv(9));
    loopback.listener("idle");
    loopback.pass();
    int number = linked.dispatcher().fileno();
    loopback.map().remove(number);
    linked.peer().send("x");
    Passes.loop(0.05, wiring.usePoll(), loopback.map(), 1);
    assertEquals(List.of(), calls);
    loopback.map().put(number, linked.dispatcher());
    loopback.untilCalled("a handleRead");
    assertWaitIsCheap("back in the map");
  }

  @Test
  void aWaitAfterOurHalfCloseCostsNoProcessorTime() {
    Loopback.Linked linked = loopback.link("a");
    linked.dispatcher().wants(true, false);
    byte[] piece = new byte[1 << 20];
    long taken = 0;
    for (int n; (n = linked.dispatcher().send(piece)) > 0; ) taken += n;
    linked.dispatcher().socket().shutdown(Shutdown.WR);
    assertWaitIsCheap("bytes under way, and the end behind them");
    long expected = taken;
    Other<String> reader =
        Other.thread("reader", () -> "read " + linked.peer().receive((int) expected).length());
    loopback.until(reader::isDone, "reader");
    assertWaitIsCheap("after the end went out");
    assertEquals(List.of(), calls);
  }

  @Test
  void aWaitAfterAFlushOfWhoIsNoLongerInterestedCostsNoProcessorTime() {
    Loopback.Linked linked = loopback.link("a");
    linked.dispatcher().wants(true, false);
    loopback.listener("idle");
    byte[] piece = new byte[1 << 20];
    long taken = 0;
    for (int n; (n = linked.dispatcher().send(piece)) > 0; ) taken += n;
    long expected = taken;
    Other<String> reader =
        Other.thread("reader", () -> "read " + linked.peer().receive((int) expected).length());
    loopback.until(reader::isDone, "reader");
    linked.dispatcher().wants(false, false);
    assertWaitIsCheap("flushed");
    assertEquals(List.of(), calls);
  }

  private void assertWaitIsCheap(String when) {
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    Passes.loop(0.1, wiring.usePoll(), loopback.map(), 1);
    long millis =
        (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1_000_000;
    assertTrue(millis < 60, () -> when + ": a wait of 100 ms took " + millis + " ms of processor");
  }

  private static long millisOf(Runnable action) {
    long start = System.nanoTime();
    action.run();
    return (System.nanoTime() - start) / 1_000_000;
  }
}
