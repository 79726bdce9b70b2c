package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.WouldBlockException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where exceptions of callbacks go: to handleError, to handleClose, or out of the loop. */
class DispatcherErrorsTest {
  private final ScriptedTransport transport = new ScriptedTransport();
  private final CallLog calls = new CallLog(transport);
  private final ScriptedSocket socket = ScriptedSocket.connected(transport).feed("x");
  private final RecordingDispatcher dispatcher = calls.dispatcher("a", socket).wants(true, false);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anExceptionGoesToHandleErrorWhoseDefaultCloses(boolean usePoll) {
    dispatcher.on("handleRead", d -> fail("boom"));
    Passes.one(calls.map(), usePoll);
    assertEquals(
        List.of("a handleRead", "a handleError IllegalStateException", "a handleClose"), calls);
    assertTrue(socket.isClosed());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void handleErrorOverriddenKeepsTheChannel(boolean usePoll) {
    dispatcher.on("handleRead", d -> fail("boom")).on("handleError", d -> {});
    Passes.one(calls.map(), usePoll);
    Passes.one(calls.map(), usePoll);
    assertEquals(
        List.of(
            "a handleRead",
            "a handleError IllegalStateException",
            "a handleRead",
            "a handleError IllegalStateException"),
        calls,
        "the data is reported again");
    assertTrue(dispatcher.connected());
    assertFalse(socket.isClosed());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void handleErrorGetsWhatWasThrown(boolean usePoll) {
    IllegalStateException boom = new IllegalStateException("boom");
    Throwable[] got = new Throwable[1];
    new Dispatcher(ScriptedSocket.connected(transport).feed("x"), calls.map()) {
      @Override
      public void handleRead() {
        throw boom;
      }

      @Override
      public void handleError(Throwable thrown) {
        got[0] = thrown;
      }
    };
    Passes.one(calls.map(), usePoll);
    assertSame(boom, got[0]);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anErrorInOneChannelDoesNotStopTheOthers(boolean usePoll) {
    dispatcher.on("handleRead", d -> fail("boom"));
    calls.dispatcher("b", ScriptedSocket.connected(transport).feed("x")).wants(true, false);
    Passes.one(calls.map(), usePoll);
    assertEquals("b handleRead", calls.get(calls.size() - 1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void afterAnErrorInHandleReadSelectStillWritesAndPollDoesNot(boolean usePoll) {
    dispatcher.wants(true, true).on("handleRead", d -> fail("boom")).on("handleError", d -> {});
    Passes.one(calls.map(), usePoll);
    assertEquals(
        usePoll
            ? List.of("a handleRead", "a handleError IllegalStateException")
            : List.of("a handleRead", "a handleError IllegalStateException", "a handleWrite"),
        calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void exceptionsOfEveryCallbackGoToHandleError(boolean usePoll) {
    dispatcher.on("handleError", d -> {});
    for (String callback : List.of("handleRead", "handleWrite", "handleExpt")) {
      dispatcher.on(callback, d -> fail(callback));
    }
    ScriptedSocket listener = new ScriptedSocket(transport);
    calls
        .dispatcher("b", listener)
        .on("handleAccepted", d -> fail("accepted"))
        .on("handleError", d -> {})
        .listen(1);
    listener.offer(ScriptedSocket.connected(transport));
    Passes.one(calls.map(), usePoll);
    dispatcher.wants(false, true);
    Passes.one(calls.map(), usePoll);
    socket.room(0).recv(1);
    dispatcher.wants(true, true);
    socket.feedUrgent("!");
    Passes.one(calls.map(), usePoll);
    assertEquals(
        List.of(
            "a handleRead",
            "a handleError IllegalStateException",
            "b handleAccepted",
            "b handleError IllegalStateException",
            "a handleWrite",
            "a handleError IllegalStateException",
            "a handleExpt",
            "a handleError IllegalStateException"),
        calls);
  }

  @ParameterizedTest
  @EnumSource(names = {"ECONNRESET", "ENOTCONN", "ESHUTDOWN", "ECONNABORTED", "EPIPE", "EBADF"})
  void aDisconnectedErrnoThrownByAHandlerIsAnErrorToSelectAndACloseToPoll(Errno errno) {
    dispatcher.on("handleRead", d -> raise(errno)).on("handleError", d -> {});
    Passes.one(calls.map(), false);
    assertEquals(List.of("a handleRead", "a handleError " + errno), calls.take());
    Passes.one(calls.map(), true);
    assertEquals(List.of("a handleRead", "a handleClose"), calls);
    assertTrue(socket.isClosed());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void otherErrnosGoToHandleErrorInBoth(boolean usePoll) {
    dispatcher.on("handleRead", d -> raise(Errno.ETIMEDOUT));
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("a handleRead", "a handleError ETIMEDOUT", "a handleClose"), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readingOnceTooOftenEndsInHandleErrorAndDoesNotClose(boolean usePoll) {
    dispatcher
        .on(
            "handleRead",
            d -> {
              d.recv(9);
              d.recv(9);
            })
        .on("handleError", d -> {});
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("a handleRead", "a handleError EAGAIN"), calls);
    assertTrue(dispatcher.connected());
  }

  static Stream<Arguments> whatLeaves() {
    return Stream.of(
            new ExitNow("done"),
            new KeyboardInterrupt(),
            new SystemExit(),
            new OutOfMemoryError("made up"),
            new NoClassDefFoundError("made.Up"))
        .flatMap(thrown -> Stream.of(Arguments.of(thrown, false), Arguments.of(thrown, true)));
  }

  @ParameterizedTest
  @MethodSource("whatLeaves")
  void exitsAndFatalErrorsLeaveTheLoopAndTheChannelStays(Throwable thrown, boolean usePoll) {
    dispatcher.on("handleRead", d -> sneak(thrown));
    calls.dispatcher("b", ScriptedSocket.connected(transport).feed("x"));
    Throwable left = assertThrows(Throwable.class, () -> Asyncore.loop(0, usePoll, calls.map(), 5));
    assertSame(thrown, left);
    assertEquals(List.of("a handleRead"), calls.take(), "it ends the pass, too");
    assertEquals(2, calls.map().size());
    assertFalse(socket.isClosed());
    assertFalse(transport.hasTurn());
    dispatcher.on("handleRead", d -> d.recv(1));
    Passes.one(calls.map(), usePoll);
    assertTrue(calls.contains("b handleRead"), "the next loop goes on: " + calls);
  }

  @ParameterizedTest
  @MethodSource("whatLeaves")
  void theyLeaveFromHandleErrorAsWell(Throwable thrown, boolean usePoll) {
    dispatcher.on("handleRead", d -> fail("boom")).on("handleError", d -> sneak(thrown));
    assertSame(
        thrown, assertThrows(Throwable.class, () -> Asyncore.loop(0, usePoll, calls.map(), 1)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void otherErrorsGoToHandleErrorAsEveryPythonExceptionDoes(boolean usePoll) {
    dispatcher.on(
        "handleRead",
        d -> {
          throw new AssertionError("boom");
        });
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("a handleRead", "a handleError AssertionError", "a handleClose"), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStackOverflowGoesThereToo(boolean usePoll) {
    dispatcher.on("handleRead", d -> sneak(new StackOverflowError("as a RecursionError does")));
    Passes.one(calls.map(), usePoll);
    assertEquals(
        List.of("a handleRead", "a handleError StackOverflowError", "a handleClose"), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anExceptionInHandleErrorLeavesTheLoop(boolean usePoll) {
    dispatcher.on("handleRead", d -> fail("boom")).on("handleError", d -> fail("again"));
    IllegalStateException left =
        assertThrows(IllegalStateException.class, () -> Asyncore.loop(0, usePoll, calls.map(), 1));
    assertEquals("again", left.getMessage());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anExceptionInHandleCloseReachesHandleErrorAndTheSecondOneLeaves(boolean usePoll) {
    socket.recv(1);
    socket.end();
    dispatcher.on("handleRead", d -> d.recv(9)).on("handleClose", d -> fail("cannot close"));
    IllegalStateException left =
        assertThrows(IllegalStateException.class, () -> Asyncore.loop(0, usePoll, calls.map(), 1));
    assertEquals("cannot close", left.getMessage());
    assertEquals(
        List.of(
            "a handleRead",
            "a handleClose",
            "a handleError IllegalStateException",
            "a handleClose"),
        calls);
    assertEquals(List.of(dispatcher), calls.map().values());
    assertTrue(dispatcher.connected());
  }

  @Test
  void handleCloseThatPollCallsForAnErrnoThrowsOutOfTheLoop() {
    dispatcher
        .on("handleRead", d -> raise(Errno.EPIPE))
        .on("handleClose", d -> fail("cannot close"));
    assertThrows(IllegalStateException.class, () -> Asyncore.loop(0, true, calls.map(), 1));
    assertEquals(List.of("a handleRead", "a handleClose"), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void predicatesExceptionsLeaveTheLoopBeforeAnyCallback(boolean usePoll) {
    for (boolean inReadable : new boolean[] {true, false}) {
      Dispatcher broken =
          new Dispatcher(ScriptedSocket.connected(transport), calls.map()) {
            @Override
            public boolean readable() {
              if (inReadable) fail("predicate");
              return true;
            }

            @Override
            public boolean writable() {
              if (!inReadable) fail("predicate");
              return true;
            }

            @Override
            public void handleError(Throwable thrown) {
              calls.add("handleError");
            }
          };
      assertThrows(IllegalStateException.class, () -> Asyncore.loop(0, usePoll, calls.map(), 1));
      assertEquals(List.of(), calls, "the first channel had something to read");
      assertFalse(transport.hasTurn());
      broken.close();
    }
  }

  @Test
  void aSocketClosedBehindAChannelsBackIsEbadfOutOfSelectAndHandleCloseInPoll() {
    calls.dispatcher("b", ScriptedSocket.connected(transport).feed("x")).wants(true, false);
    socket.close();
    OsException left =
        assertThrows(OsException.class, () -> Asyncore.loop(0, false, calls.map(), 1));
    assertEquals(Errno.EBADF, left.errno());
    assertEquals(List.of(), calls, "select tells nobody anything");
    Passes.one(calls.map(), true);
    assertEquals(List.of("a handleClose", "b handleRead"), calls);
    assertEquals(1, calls.map().size());
  }

  private static void fail(String message) {
    throw new IllegalStateException(message);
  }

  private static void raise(Errno errno) {
    throw errno == Errno.EAGAIN ? WouldBlockException.INSTANCE : new OsException(errno);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
