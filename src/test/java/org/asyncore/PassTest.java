package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One pass over several channels: what is asked, in which order it calls, and what it skips. */
class PassTest {
  private final ScriptedTransport transport = new ScriptedTransport();
  private final CallLog calls = new CallLog(transport);
  private final ScriptedSocket socketA = ScriptedSocket.connected(transport).feed("x");
  private final ScriptedSocket socketB = ScriptedSocket.connected(transport).feed("x");
  private final RecordingDispatcher a = calls.dispatcher("a", socketA);
  private final RecordingDispatcher b = calls.dispatcher("b", socketB);

  @Test
  void selectServesAllReadsThenAllWritesThenAllUrgentDataInMapOrder() {
    socketA.feedUrgent("!");
    socketB.feedUrgent("!");
    calls.pass();
    assertEquals(
        List.of(
            "a handleRead",
            "b handleRead",
            "a handleWrite",
            "b handleWrite",
            "a handleExpt",
            "b handleExpt"),
        calls);
  }

  @Test
  void pollServesChannelByChannelInMapOrder() {
    socketA.feedUrgent("!");
    socketB.hangUp();
    calls.pollPass();
    assertEquals(
        List.of(
            "a handleRead",
            "a handleWrite",
            "a handleExpt",
            "b handleRead",
            "b handleWrite",
            "b handleClose"),
        calls);
  }

  @Test
  void aHangUpIsReadableToSelectAndAnEventOfItsOwnToPoll() {
    b.close();
    socketA.recv(9);
    socketA.hangUp();
    a.wants(true, false);
    calls.pass();
    assertEquals(List.of("a handleRead"), calls.take());
    calls.pollPass();
    assertEquals(List.of("a handleRead", "a handleClose"), calls);
  }

  @Test
  void pollTellsAHangUpToWhoeverAskedForAnythingAndClosesWithBytesUnread() {
    b.close();
    a.wants(false, true);
    socketA.room(0).hangUp();
    calls.pollPass();
    assertEquals(List.of("a handleWrite", "a handleClose"), calls);
    assertTrue(socketA.isClosed(), "its byte was not read");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void predicatesAreAskedOnceEachInMapOrderReadableFirst(boolean usePoll) {
    List<String> asked = new ArrayList<>();
    for (String name : List.of("c", "d")) {
      new Dispatcher(ScriptedSocket.connected(transport), calls.map()) {
        @Override
        public boolean readable() {
          asked.add(name + " readable");
          return false;
        }

        @Override
        public boolean writable() {
          asked.add(name + " writable");
          return true;
        }
      };
    }
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("c readable", "c writable", "d readable", "d writable"), asked);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void onlyWhatWasWantedIsCalled(boolean usePoll) {
    a.wants(false, true);
    b.wants(true, false);
    Passes.one(calls.map(), usePoll);
    assertEquals(
        usePoll
            ? List.of("a handleWrite", "b handleRead")
            : List.of("b handleRead", "a handleWrite"),
        calls.take());
    a.wants(false, false);
    b.wants(false, false);
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of(), calls);
  }

  @Test
  void whatWasReadyStaysReadyForThisPassWhateverCallbacksDo() {
    a.on("handleRead", d -> socketB.recv(9));
    calls.pass();
    assertEquals(
        List.of("a handleRead", "b handleRead", "a handleWrite", "b handleWrite"),
        calls,
        "b has nothing to read any more, and is told all the same");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatBecomesReadyDuringThePassBelongsToTheNextOne(boolean usePoll) {
    socketB.recv(9);
    a.wants(true, false).on("handleRead", d -> socketB.feed("late"));
    b.wants(true, false);
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("a handleRead"), calls.take());
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("a handleRead", "b handleRead"), calls);
  }

  @Test
  void afterACloseInHandleReadSelectCallsNothingMoreOfThatChannel() {
    a.on("handleRead", Dispatcher::close);
    calls.pass();
    assertEquals(List.of("a handleRead", "b handleRead", "b handleWrite"), calls);
  }

  @Test
  void afterACloseInHandleReadPollStillWritesAndASendThereClosesAgain() {
    a.on("handleRead", Dispatcher::close)
        .on("handleWrite", d -> calls.add("send " + d.send(new byte[8])));
    b.close();
    calls.pollPass();
    assertEquals(List.of("a handleRead", "a handleWrite", "a handleClose", "send 0"), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aChannelClosedByAnotherOneOfThePassIsSkipped(boolean usePoll) {
    a.wants(true, false).on("handleRead", d -> b.close());
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("a handleRead"), calls);
    assertTrue(socketB.isClosed());
  }

  @Test
  void selectGivesNoWriteEventToAnEarlierChannelThatALaterOneClosed() {
    b.on("handleRead", d -> a.close());
    calls.pass();
    assertEquals(List.of("a handleRead", "b handleRead", "b handleWrite"), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aChannelAddedDuringAPassIsServedFromTheNextOneOn(boolean usePoll) {
    b.close();
    a.wants(true, false)
        .on(
            "handleRead",
            d -> {
              d.recv(9);
              calls.dispatcher("new", ScriptedSocket.connected(transport).feed("x"));
            });
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("a handleRead"), calls.take());
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("new handleRead", "new handleWrite"), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aChannelThatTakesOverANumberGetsTheEventMeantForTheOldOne(boolean usePoll) {
    a.wants(true, false)
        .on(
            "handleRead",
            d -> {
              b.close();
              ScriptedSocket another = ScriptedSocket.connected(transport);
              calls.dispatcher("new", another).wants(true, false);
            });
    b.wants(true, false);
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("a handleRead", "new handleRead"), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aDispatcherPutInUnderTheNumberOfAnotherGetsItsEvents(boolean usePoll) {
    RecordingDispatcher replacing = calls.dispatcher("c", ScriptedSocket.connected(transport));
    calls.map().remove(replacing.fileno());
    a.wants(true, false).on("handleRead", d -> calls.map().put(b.fileno(), replacing));
    b.wants(true, false);
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("a handleRead", "c handleRead"), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void delChannelStopsTheEventsAndLeavesTheSocketOpen(boolean usePoll) {
    b.close();
    int number = a.fileno();
    a.delChannel();
    assertEquals(-1, a.fileno());
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of(), calls);
    calls.map().put(number, a.wants(true, false)); // By hand, as in a dict.
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("a handleRead"), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void clearingTheMapInAHandlerEndsThePass(boolean usePoll) {
    a.wants(true, false).on("handleRead", d -> calls.map().clear());
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("a handleRead"), calls);
    assertTrue(calls.map().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void manyChannelsAreAllServedInOrder(boolean usePoll) {
    a.close();
    b.close();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ScriptedSocket socket = ScriptedSocket.connected(transport);
      if (i % 3 == 0) {
        socket.feed("x");
        expected.add(i + " handleRead");
      }
      calls.dispatcher(String.valueOf(i), socket).wants(true, false);
    }
    Passes.one(calls.map(), usePoll);
    assertEquals(expected, calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNestedLoopServesWhatIsReadyAndTheOuterPassGoesOnWithWhatItHadFound(boolean usePoll) {
    a.wants(true, false)
        .on(
            "handleRead",
            d -> {
              d.recv(9);
              Passes.loop(0, usePoll, calls.map(), 1);
              calls.add("inner loop done");
            });
    b.wants(true, false);
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("a handleRead", "b handleRead", "inner loop done", "b handleRead"), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void callbacksRunUnderTheTurnAndItIsGivenBack(boolean usePoll) {
    a.on("handleRead", d -> calls.add("turn " + transport.hasTurn()));
    Passes.one(calls.map(), usePoll);
    assertTrue(calls.contains("turn true"), calls.toString());
    assertTrue(!transport.hasTurn());
  }
}
