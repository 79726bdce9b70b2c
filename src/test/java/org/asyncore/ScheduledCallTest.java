package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.transport.Pollster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls at a time, on a clock that the test moves. */
class ScheduledCallTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final long SECOND_NANOS = SECOND.toNanos();

  /** Not 0, so that nobody takes the clock's reading for a time of the queue. */
  private long nowNanos = Long.MAX_VALUE - SECOND_NANOS; // It wraps around in the first second.

  private final ScriptedTransport transport = new ScriptedTransport().clock(() -> nowNanos);
  private final SocketMap map = new SocketMap(transport);
  private final List<String> ran = new ArrayList<>();

  /** Has a pass something to ask, and nothing to call. */
  private final Dispatcher idle = new Idle(map, ran);

  private static class Idle extends Dispatcher {
    private final List<String> ran;

    Idle(SocketMap map, List<String> ran) {
      super(ScriptedSocket.connected((ScriptedTransport) map.transport()), map);
      this.ran = ran;
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleError(Throwable thrown) {
      ran.add("handleError " + thrown.getMessage());
    }
  }

  private Runnable run(String name) {
    return () -> ran.add(name);
  }

  private void passAt(double seconds) {
    long end = Long.MAX_VALUE - SECOND_NANOS + (long) (seconds * SECOND_NANOS);
    nowNanos = end;
    pass();
  }

  private void pass() {
    Passes.one(map, false);
  }

  // --- the time ---

  @Test
  void runsOnceWhenItsTimeHasCome() {
    ScheduledCall call = map.callLater(SECOND, run("a"));
    passAt(0.999);
    assertEquals(List.of(), ran);
    assertFalse(call.isDone());
    assertEquals(Duration.ofMillis(1), call.delay());
    passAt(1);
    passAt(5);
    assertEquals(List.of("a"), ran);
    assertTrue(call.isDone());
    assertFalse(call.isCancelled());
    assertEquals(Duration.ZERO, call.delay());
  }

  @Test
  void theEarliestRunsFirstThenTheOldest() {
    map.callLater(SECOND.multipliedBy(2), run("two"));
    map.callLater(SECOND, run("one"));
    map.callLater(SECOND.multipliedBy(2), run("two again"));
    passAt(3);
    assertEquals(List.of("one", "two", "two again"), ran);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWaitEndsInTimeForTheFirst(boolean usePoll) {
    map.callLater(SECOND.multipliedBy(2), run("late"));
    map.callLater(SECOND, run("a"));
    transport.whileWaiting(() -> nowNanos += SECOND_NANOS);
    Passes.loop(30, usePoll, map, 1);
    assertEquals(List.of("a"), ran);
    assertEquals(List.of(SECOND_NANOS), transport.waits());
  }

  @Test
  void aWaitIsNoLongerThanItsTimeout() {
    map.callLater(SECOND, run("a"));
    transport.whileWaiting(() -> {});
    Passes.loop(0.25, false, map, 1);
    assertEquals(List.of(SECOND_NANOS / 4), transport.waits());
    assertEquals(List.of(), ran);
  }

  @Test
  void whatIsOverdueIsNotWaitedFor() {
    map.callLater(Duration.ZERO, run("a"));
    Passes.loop(Asyncore.FOREVER, false, map, 1);
    assertEquals(List.of(), transport.waits());
    assertEquals(List.of("a"), ran);
  }

  @Test
  void withNothingToAskAWaitWithoutEndWaitsForTheCall() {
    idle.delChannel();
    map.keepRunning(true);
    pass();
    map.callLater(SECOND, run("a"));
    transport.whileWaiting(() -> nowNanos += SECOND_NANOS);
    Passes.loop(Asyncore.FOREVER, false, map, 1);
    assertEquals(List.of("a"), ran);
  }

  @Test
  void aPassThatOnlyRanACallCounts() {
    for (int i = 1; i <= 3; i++) map.callLater(SECOND.multipliedBy(i), run("call " + i));
    for (int i = 0; i < 2; i++) transport.whileWaiting(() -> nowNanos += SECOND_NANOS);
    Passes.loop(30, false, map, 2);
    assertEquals(List.of("call 1", "call 2"), ran);
  }

  @Test
  void aDelayLongerThanAnyTimeIsTaken() {
    ScheduledCall never = map.callLater(Duration.ofSeconds(Long.MAX_VALUE), run("never"));
    map.callEvery(Duration.ofSeconds(Long.MAX_VALUE), run("never"));
    passAt(1e6);
    assertEquals(List.of(), ran);
    assertTrue(never.delay().compareTo(Duration.ofDays(36_000)) > 0, () -> "" + never.delay());
  }

  // --- the place in a pass ---

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void runsAfterTheCallbacksOfItsPass(boolean usePoll) {
    new Idle(map, ran) {
      {
        ((ScriptedSocket) socket()).feed("x");
      }

      @Override
      public void handleRead() {
        ran.add("handleRead " + recv(10).length);
        map.execute(run("command of the callback"));
        callLater(Duration.ZERO, run("call of the callback"));
      }
    };
    map.callLater(Duration.ZERO, run("call"));
    map.execute(run("command"));
    Passes.one(map, usePoll);
    assertEquals(List.of("handleRead 1", "command", "call"), ran);
    ran.clear();
    Passes.one(map, usePoll);
    assertEquals(List.of("command of the callback", "call of the callback"), ran);
  }

  @Test
  void whatACallSchedulesAtOnceWaitsForTheNextPass() {
    map.callLater(Duration.ZERO, () -> map.callLater(Duration.ZERO, run("second")));
    pass();
    assertEquals(List.of(), ran);
    pass();
    assertEquals(List.of("second"), ran);
  }

  @Test
  void aCallMayRunANestedLoop() {
    map.callLater(
        Duration.ZERO,
        () -> {
          ran.add("outer begins");
          pass();
          ran.add("outer ends");
        });
    map.callLater(Duration.ZERO, run("inner"));
    pass();
    assertEquals(List.of("outer begins", "inner", "outer ends"), ran);
  }

  @Test
  void aCallThatItselfLoopsIsNotRunWithinItself() {
    map.callEvery(
        SECOND,
        () -> {
          ran.add("begins");
          nowNanos += 10 * SECOND_NANOS;
          pass();
        });
    passAt(1);
    assertEquals(List.of("begins"), ran);
  }

  // --- again and again ---

  @Test
  void everyRunsAtAFixedRate() {
    ScheduledCall call =
        map.callEvery(
            SECOND,
            () -> {
              ran.add("tick");
              nowNanos += SECOND_NANOS / 4; // A run that takes its time does not shift the next.
            });
    passAt(0.9);
    assertEquals(List.of(), ran);
    passAt(1);
    assertEquals(Duration.ofMillis(750), call.delay());
    passAt(1.99);
    passAt(2.5);
    assertEquals(Duration.ofMillis(250), call.delay());
    passAt(3);
    assertEquals(3, ran.size());
    assertFalse(call.isDone());
  }

  @Test
  void everyThatFallsBehindDoesNotBurst() {
    ScheduledCall call = map.callEvery(SECOND, run("tick"));
    passAt(10.5);
    passAt(10.6);
    assertEquals(List.of("tick"), ran);
    assertEquals(Duration.ofMillis(400), call.delay());
    passAt(11);
    assertEquals(List.of("tick", "tick"), ran);
  }

  @Test
  void everyOfTheShortestPeriodRunsOnceAPass() {
    map.callEvery(Duration.ofNanos(1), run("tick"));
    passAt(1);
    passAt(2);
    assertEquals(List.of("tick", "tick"), ran);
  }

  // --- cancelling ---

  @Test
  void aCancelledCallDoesNotRun() {
    ScheduledCall call = map.callLater(SECOND, run("a"));
    assertTrue(call.cancel());
    assertFalse(call.cancel());
    assertTrue(call.isCancelled());
    assertTrue(call.isDone());
    passAt(2);
    assertEquals(List.of(), ran);
  }

  @Test
  void cancellingWhatHasRunChangesNothing() {
    ScheduledCall call = map.callLater(SECOND, run("a"));
    passAt(1);
    assertFalse(call.cancel());
    assertFalse(call.isCancelled());
  }

  @Test
  void aCallThatCancelsItselfIsTooLateForOnceAndInTimeForEvery() {
    ScheduledCall[] calls = new ScheduledCall[2];
    calls[0] = map.callLater(SECOND, () -> ran.add("once " + calls[0].cancel()));
    calls[1] = map.callEvery(SECOND, () -> ran.add("every " + calls[1].cancel()));
    passAt(1);
    passAt(2);
    assertEquals(List.of("once false", "every true"), ran);
    assertFalse(calls[0].isCancelled());
    assertTrue(calls[1].isCancelled());
  }

  @Test
  void oneCallMayCancelAnotherOfItsPass() {
    ScheduledCall[] second = new ScheduledCall[1];
    map.callLater(Duration.ZERO, () -> second[0].cancel());
    second[0] = map.callLater(Duration.ZERO, run("second"));
    pass();
    assertEquals(List.of(), ran);
  }

  @Test
  void aCancelledFirstNoLongerShortensTheWait() {
    map.callLater(SECOND, run("a")).cancel();
    transport.whileWaiting(() -> {});
    Passes.loop(30, false, map, 1);
    assertEquals(List.of(30 * SECOND_NANOS), transport.waits());
    assertEquals(Pollster.FOREVER, map.calls().untilNanos());
  }

  @Test
  void aMillionThatAreCancelledAreNotKept() {
    byte[][] kept = new byte[1][];
    for (int i = 0; i < 1_000_000; i++) {
      byte[] heavy = i % 1_000 == 0 ? new byte[1 << 20] : null; // A gigabyte in all.
      ScheduledCall call = idle.callLater(SECOND, () -> kept[0] = heavy);
      assertTrue(call.cancel());
    }
    assertEquals(Pollster.FOREVER, map.calls().untilNanos());
  }

  // --- exceptions ---

  @Test
  void anExceptionLeavesTheLoopAndTheRestIsCalledByTheNext() {
    RuntimeException thrown = new IllegalStateException("thrown by the first");
    map.execute(
        () -> {
          throw thrown;
        });
    map.execute(run("command"));
    map.callLater(Duration.ZERO, run("call"));
    assertSame(thrown, assertThrows(IllegalStateException.class, this::pass));
    assertEquals(List.of(), ran);
    pass();
    assertEquals(List.of("command", "call"), ran);
  }

  @Test
  void everyComesAgainAfterAnException() {
    ScheduledCall call =
        map.callEvery(
            SECOND,
            () -> {
              ran.add("tick");
              if (ran.size() == 1) throw new IllegalStateException("thrown by the first");
            });
    assertThrows(IllegalStateException.class, () -> passAt(1));
    assertFalse(call.isDone());
    passAt(2);
    assertEquals(List.of("tick", "tick"), ran);
  }

  // --- bound to a dispatcher ---

  @Test
  void aBoundCallsExceptionGoesToHandleError() {
    idle.callLater(
        SECOND,
        () -> {
          throw new IllegalStateException("thrown");
        });
    idle.callLater(SECOND, run("next"));
    passAt(1);
    assertEquals(List.of("handleError thrown", "next"), ran);
  }

  @Test
  void exitNowLeavesTheLoopFromABoundCall() {
    idle.callLater(
        SECOND,
        () -> {
          throw new ExitNow("enough");
        });
    assertThrows(ExitNow.class, () -> passAt(1));
    assertEquals(List.of(), ran);
  }

  @Test
  void closingCancelsWhatIsBound() {
    ScheduledCall once = idle.callLater(SECOND, run("once"));
    ScheduledCall every = idle.callEvery(SECOND, run("every"));
    ScheduledCall other = map.callLater(SECOND, run("unbound"));
    idle.close();
    assertTrue(once.isCancelled());
    assertTrue(every.isCancelled());
    assertFalse(other.isCancelled());
    new Idle(map, ran);
    passAt(1);
    assertEquals(List.of("unbound"), ran);
  }

  @Test
  void everyThatClosesItsDispatcherEnds() {
    ScheduledCall every =
        idle.callEvery(
            SECOND,
            () -> {
              ran.add("tick");
              idle.close();
            });
    new Idle(map, ran);
    passAt(1);
    passAt(2);
    assertEquals(List.of("tick"), ran);
    assertTrue(every.isCancelled());
  }

  @Test
  void aClosedDispatcherMayHaveCallsUntilItIsClosedAgain() {
    idle.close();
    new Idle(map, ran);
    idle.callLater(SECOND, run("connect again"));
    ScheduledCall cancelled = idle.callLater(SECOND.multipliedBy(2), run("too late"));
    passAt(1);
    assertEquals(List.of("connect again"), ran);
    idle.createSocket();
    idle.close();
    assertTrue(cancelled.isCancelled());
  }

  @Test
  void leavingTheMapCancelsNothing() {
    idle.delChannel();
    new Idle(map, ran);
    idle.callLater(SECOND, run("a"));
    passAt(1);
    assertEquals(List.of("a"), ran);
  }

  @Test
  void cancelCallsCancelsWithoutClosing() {
    ScheduledCall call = idle.callLater(SECOND, run("a"));
    idle.cancelCalls();
    assertTrue(call.isCancelled());
    assertTrue(map.containsKey(idle.fileno()));
  }

  @Test
  void anObserverIsToldOfABoundCallAndOfItsFailure() {
    map.observer(
        new LoopObserver() {
          @Override
          public void callbackStarted(Dispatcher dispatcher, Callback callback) {
            ran.add("started " + callback);
          }

          @Override
          public void callbackEnded(Dispatcher dispatcher, Callback callback, long nanos) {
            ran.add("ended " + callback);
          }

          @Override
          public void failed(Dispatcher dispatcher, Throwable thrown) {
            ran.add("failed " + thrown.getMessage());
          }
        });
    idle.callLater(
        SECOND,
        () -> {
          throw new IllegalStateException("thrown");
        });
    passAt(1);
    assertEquals(
        List.of(
            "started SCHEDULED",
            "ended SCHEDULED",
            "failed thrown",
            "started ERROR",
            "handleError thrown",
            "ended ERROR"),
        ran);
  }

  @Test
  void aDispatcherThatIsAskedWhenTouchedIsAskedAfterItsCall() {
    boolean[] wants = new boolean[1];
    Dispatcher touched =
        new Idle(map, ran) {
          @Override
          public boolean writable() {
            return wants[0];
          }

          @Override
          public void handleWrite() {
            ran.add("handleWrite");
            wants[0] = false;
          }
        };
    touched.interest(Interest.ON_TOUCH);
    pass();
    touched.callLater(SECOND, () -> wants[0] = true);
    passAt(1);
    assertEquals(List.of(), ran);
    pass();
    assertEquals(List.of("handleWrite"), ran);
  }

  // --- what is refused ---

  @Test
  void wrongArgumentsAreRefusedAndChangeNothing() {
    Runnable call = run("never");
    assertNullRefused("delay is null", () -> map.callLater(null, call));
    assertRefused("delay < 0: PT-1S", () -> map.callLater(SECOND.negated(), call));
    assertNullRefused("call is null", () -> map.callLater(SECOND, null));
    assertNullRefused("period is null", () -> map.callEvery(null, call));
    assertRefused("period is not positive: PT0S", () -> map.callEvery(Duration.ZERO, call));
    assertRefused("period is not positive: PT-1S", () -> idle.callEvery(SECOND.negated(), call));
    assertRefused("delay < 0: PT-1S", () -> idle.callLater(SECOND.negated(), call));
    assertNullRefused("call is null", () -> idle.callEvery(SECOND, null));
    assertEquals(Pollster.FOREVER, map.calls().untilNanos());
  }

  @Test
  void aDelayBelowAllTimesIsRefused() {
    Duration longAgo = Duration.ofSeconds(Long.MIN_VALUE);
    assertRefused("delay < 0: " + longAgo, () -> map.callLater(longAgo, run("never")));
  }

  private static void assertNullRefused(String message, Runnable refused) {
    assertEquals(message, assertThrows(NullPointerException.class, refused::run).getMessage());
  }

  private static void assertRefused(String message, Runnable refused) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, refused::run).getMessage());
  }

  // --- starting anew ---

  @Test
  void aCallThatIsResetWaitsAsLongAgain() {
    ScheduledCall call = map.callLater(SECOND, run("a"));
    passAt(0.75);
    assertTrue(call.reset());
    assertEquals(SECOND, call.delay());
    passAt(1.5);
    assertEquals(List.of(), ran);
    passAt(1.75);
    assertEquals(List.of("a"), ran);
    assertFalse(call.reset());
    passAt(5);
    assertEquals(List.of("a"), ran);
  }

  @Test
  void aRepeatedCallThatIsResetGoesOnAPeriodApart() {
    ScheduledCall call = map.callEvery(SECOND, run("a"));
    passAt(0.75);
    assertTrue(call.reset());
    passAt(1.5);
    assertEquals(0, ran.size());
    passAt(1.75);
    passAt(2.5);
    assertEquals(1, ran.size());
    passAt(2.75);
    assertEquals(2, ran.size());
  }

  @Test
  void aRepeatedCallMayResetItself() {
    ScheduledCall[] call = new ScheduledCall[1];
    call[0] =
        map.callEvery(
            SECOND,
            () -> {
              ran.add("a");
              call[0].reset();
            });
    passAt(1.5);
    passAt(2.25);
    assertEquals(1, ran.size());
    passAt(2.5);
    assertEquals(2, ran.size());
  }

  @Test
  void oneThatWasCancelledStaysSo() {
    ScheduledCall call = map.callLater(SECOND, run("a"));
    call.cancel();
    assertFalse(call.reset());
    passAt(3);
    assertEquals(List.of(), ran);
    assertTrue(call.isCancelled());
  }

  @Test
  void oneThatRunsOnceCannotBeResetInItsRun() {
    ScheduledCall[] call = new ScheduledCall[1];
    call[0] = map.callLater(SECOND, () -> ran.add("reset " + call[0].reset()));
    passAt(1);
    passAt(5);
    assertEquals(List.of("reset false"), ran);
  }

  @Test
  void aBoundCallThatWasResetIsCancelledByClose() {
    ScheduledCall call = idle.callLater(SECOND, run("a"));
    call.reset();
    idle.close();
    passAt(3);
    assertEquals(List.of(), ran);
    assertTrue(call.isCancelled());
  }
}
