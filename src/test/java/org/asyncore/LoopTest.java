package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.transport.Pollster;
import org.asyncore.transport.Readiness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The functions of the module: loop and its counts and timeouts, poll, read, readwrite. */
class LoopTest {
  private final ScriptedTransport transport = new ScriptedTransport();
  private final CallLog calls = new CallLog(transport);
  private final ScriptedSocket socket = ScriptedSocket.connected(transport);
  private final RecordingDispatcher dispatcher = calls.dispatcher("a", socket).wants(true, false);

  @ParameterizedTest
  @CsvSource({"0, false", "1, false", "3, false", "0, true", "1, true", "3, true"})
  void countIsTheNumberOfPasses(int count, boolean usePoll) throws InterruptedException {
    socket.feed("x");
    Asyncore.loop(0, usePoll, calls.map(), count);
    assertEquals(count, calls.size());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void withoutACountItEndsWhenTheMapIsEmpty(boolean usePoll) throws InterruptedException {
    socket.feed("abc");
    dispatcher.on("handleRead", d -> readOneAndCloseAtC(d));
    Asyncore.loop(Asyncore.FOREVER, usePoll, calls.map());
    assertEquals(List.of("a handleRead", "a handleRead", "a handleRead"), calls);
  }

  @Test
  void aCountEndsEarlyWhenTheMapIsEmpty() throws InterruptedException {
    socket.feed("c");
    dispatcher.on("handleRead", LoopTest::readOneAndCloseAtC);
    Asyncore.loop(Asyncore.FOREVER, false, calls.map(), 100);
    assertEquals(List.of("a handleRead"), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anEmptyMapMakesNoPassAndWaitsForNothing(boolean usePoll) throws InterruptedException {
    dispatcher.close();
    Asyncore.loop(Asyncore.FOREVER, usePoll, calls.map());
    Asyncore.loop(Asyncore.FOREVER, usePoll, calls.map(), 3);
    Asyncore.poll(Asyncore.FOREVER, calls.map());
    Asyncore.poll2(Asyncore.FOREVER, calls.map());
    assertEquals(List.of(), transport.waits());
  }

  @Test
  void aMapThatNobodyEverUsedNeedsNoTransport() throws InterruptedException {
    SocketMap unused = new SocketMap();
    Asyncore.loop(unused);
    Asyncore.closeAll(unused, false);
    assertFalse(unused.hasTransport());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anIdlePassWaitsForTheTimeoutEachTime(boolean usePoll) throws InterruptedException {
    Asyncore.loop(1.5, usePoll, calls.map(), 2);
    assertEquals(List.of(1_500_000_000L, 1_500_000_000L), transport.waits());
    assertEquals(List.of(), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void withNobodyInterestedThePassStillWaitsItsTimeout(boolean usePoll)
      throws InterruptedException {
    socket.feed("x");
    dispatcher.wants(false, false);
    Asyncore.loop(1.5, usePoll, calls.map(), 1);
    Asyncore.poll(0.25, calls.map());
    Asyncore.poll2(0.25, calls.map());
    assertEquals(List.of(1_500_000_000L, 250_000_000L, 250_000_000L), transport.waits());
    assertEquals(List.of(), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anEventEndsTheWait(boolean usePoll) throws InterruptedException {
    transport.whileWaiting(() -> socket.feed("x"));
    Asyncore.loop(Asyncore.FOREVER, usePoll, calls.map(), 1);
    assertEquals(List.of(Pollster.FOREVER), transport.waits());
    assertEquals(List.of("a handleRead"), calls);
  }

  @Test
  void whatIsReadyAlreadyWaitsForNothing() throws InterruptedException {
    socket.feed("x");
    Asyncore.loop(Asyncore.FOREVER, false, calls.map(), 2);
    assertEquals(List.of(), transport.waits());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.5, 500000000",
    "1e-10, 0", // A wait too short to express is no wait.
    "30, 30000000000",
    "9.3e9, 9223372036854775807", // 295 years are for ever.
    "Infinity, 9223372036854775807"
  })
  void secondsBecomeNanosInOnePlace(double seconds, long nanos) {
    assertEquals(nanos, Asyncore.waitNanos(seconds));
  }

  @Test
  void shortFormsTakeADurationAndThirtySecondsByDefault() throws InterruptedException {
    assertSame(Asyncore.socketMap(), Asyncore.orDefault(null));
    transport.whileWaiting(() -> socket.feed("c"));
    dispatcher.on("handleRead", LoopTest::readOneAndCloseAtC);
    Asyncore.loop(calls.map());
    assertEquals(List.of(30_000_000_000L), transport.waits());
    Asyncore.loop(Duration.ofMillis(1500)); // The default map is empty: none of these waits.
    Asyncore.loop(Duration.ofDays(40_000_000), 3);
    Asyncore.loop();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.001, -1, Double.NEGATIVE_INFINITY, Double.NaN})
  void aNegativeTimeoutIsRefusedByEveryForm(double timeout) {
    socket.feed("x");
    SocketMap map = calls.map();
    for (IllegalArgumentException refused :
        List.of(
            refusal(() -> Asyncore.loop(timeout, false, map)),
            refusal(() -> Asyncore.loop(timeout, true, map, 1)),
            refusal(() -> Asyncore.poll(timeout, map)),
            refusal(() -> Asyncore.poll2(timeout, map)),
            refusal(() -> Asyncore.poll3(timeout, map)))) {
      assertEquals("timeout is not 0 or more seconds: " + timeout, refused.getMessage());
    }
    assertEquals(List.of(), calls);
  }

  @Test
  void negativeAndMissingDurationsAreRefused() {
    String message = refusal(() -> Asyncore.loop(Duration.ofSeconds(-1))).getMessage();
    assertEquals("timeout < 0: PT-1S", message);
    assertEquals(
        "timeout is null",
        assertThrows(NullPointerException.class, () -> Asyncore.loop((Duration) null))
            .getMessage());
    assertEquals(
        "timeout is null",
        assertThrows(NullPointerException.class, () -> Asyncore.loop((Duration) null, 1))
            .getMessage());
  }

  @Test
  void aNegativeCountIsRefused() {
    socket.feed("x");
    assertEquals(
        "count < 0: -3", refusal(() -> Asyncore.loop(0, false, calls.map(), -3)).getMessage());
    assertEquals(List.of(), calls);
    calls.pass();
    assertEquals(List.of("a handleRead"), calls, "the map is served as before");
  }

  @Test
  void separateMapsAreServedSeparately() throws InterruptedException {
    socket.feed("x");
    ScriptedTransport another = new ScriptedTransport();
    CallLog others = new CallLog(another);
    others.dispatcher("b", ScriptedSocket.connected(another).feed("x")).wants(true, false);
    Asyncore.loop(0, false, others.map(), 1);
    assertEquals(List.of("b handleRead"), others);
    assertEquals(List.of(), calls);
  }

  @Test
  void pollAndPoll2AreOnePassOfTheirStyle() throws InterruptedException {
    socket.feed("x").hangUp();
    Asyncore.poll(0, calls.map());
    assertEquals(List.of("a handleRead"), calls.take());
    dispatcher.on("handleClose", d -> {});
    Asyncore.poll2(0, calls.map());
    assertEquals(List.of("a handleRead", "a handleClose"), calls.take());
    Asyncore.poll3(0, calls.map());
    assertEquals(List.of("a handleRead", "a handleClose"), calls);
  }

  @Test
  void dispatchFunctionsMayBeCalledByHand() {
    Asyncore.read(dispatcher);
    Asyncore.write(dispatcher);
    Asyncore.exception(dispatcher);
    assertEquals(List.of("a handleRead", "a handleWrite", "a handleExpt"), calls.take());
    Asyncore.readwrite(dispatcher, Readiness.OUT);
    Asyncore.readwrite(dispatcher, Readiness.PRI | Readiness.IN);
    assertEquals(List.of("a handleWrite", "a handleRead", "a handleExpt"), calls.take());
    for (int bad : new int[] {Readiness.HUP, Readiness.ERR, Readiness.NVAL}) {
      Asyncore.readwrite(dispatcher, bad);
      assertEquals(List.of("a handleClose"), calls.take());
    }
    Asyncore.readwrite(dispatcher, 0);
    assertEquals(List.of(), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anInterruptedThreadLeavesBeforeItsFirstPass(boolean usePoll) throws InterruptedException {
    socket.feed("x");
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> Asyncore.loop(0, usePoll, calls.map(), 1));
    assertFalse(Thread.currentThread().isInterrupted(), "the flag is cleared, as is the custom");
    assertEquals(List.of(), calls);
    Asyncore.loop(0, usePoll, calls.map(), 1);
    assertEquals(List.of("a handleRead"), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anInterruptDuringTheWaitLeavesWithTheFlagCleared(boolean usePoll) {
    transport.whileWaiting(() -> calls.add("never reached"));
    transport.whileWaiting(() -> {});
    CallLog waiting = calls;
    dispatcher.wants(true, true);
    socket.room(0);
    new Dispatcher(ScriptedSocket.connected(transport), waiting.map()) {
      @Override
      public boolean readable() {
        Thread.currentThread().interrupt();
        return false;
      }

      @Override
      public boolean writable() {
        return false;
      }
    };
    assertThrows(
        InterruptedException.class, () -> Asyncore.loop(Asyncore.FOREVER, usePoll, calls.map(), 1));
    assertFalse(Thread.currentThread().isInterrupted());
    assertFalse(transport.hasTurn());
    assertEquals(List.of(), calls);
  }

  private interface Call {
    void run() throws InterruptedException;
  }

  private static IllegalArgumentException refusal(Call call) {
    return assertThrows(IllegalArgumentException.class, call::run);
  }

  private static void readOneAndCloseAtC(Dispatcher dispatcher) {
    if (dispatcher.recv(1)[0] == 'c') dispatcher.close();
  }
}
