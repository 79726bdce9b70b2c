package org.asyncore;

import static org.asyncore.transport.Held.BEYOND_DESCRIPTORS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Iterator;
import java.util.List;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A socket that loses its descriptor takes another number, and its dispatcher follows. */
class NumberTest {
  private final ScriptedTransport transport = new ScriptedTransport();
  private final CallLog calls = new CallLog(transport);
  private final SocketMap map = calls.map();
  private final ScriptedSocket socketA = ScriptedSocket.connected(transport);
  private final ScriptedSocket socketB = ScriptedSocket.connected(transport);
  private final ScriptedSocket socketC = ScriptedSocket.connected(transport);
  private final RecordingDispatcher a = calls.dispatcher("a", socketA).wants(true, false);
  private final RecordingDispatcher b = calls.dispatcher("b", socketB).wants(true, false);
  private final RecordingDispatcher c = calls.dispatcher("c", socketC).wants(true, false);

  @BeforeEach
  void everyCallbackReads() {
    for (RecordingDispatcher each : List.of(a, b, c)) each.on("handleRead", d -> d.recv(9));
  }

  // --- the number, the key, the order ---

  @Test
  void theNumberAndTheKeyChangeTogetherAndThePlaceStays() {
    int before = b.fileno();
    socketB.loseDescriptor();
    assertEquals(BEYOND_DESCRIPTORS, b.fileno());
    assertSame(b, map.get(BEYOND_DESCRIPTORS));
    assertNull(map.get(before));
    assertEquals(List.of(a, b, c), map.values());
    assertEquals(3, map.size());
  }

  @Test
  void theNextSocketGetsTheOldNumberAndAPlaceOfItsOwn() {
    int before = b.fileno();
    socketB.loseDescriptor();
    RecordingDispatcher next = calls.dispatcher("n", ScriptedSocket.connected(transport));
    assertEquals(before, next.fileno());
    assertEquals(List.of(a, b, c, next), map.values());
    b.close();
    assertSame(next, map.get(before));
    assertEquals(List.of(a, c, next), map.values());
  }

  @Test
  void theKeyChangesInEveryMap() {
    SocketMap other = new SocketMap(transport);
    SocketMap third = new SocketMap(transport);
    b.addChannel(other);
    b.addChannel(third);
    third.remove(b.fileno());
    socketB.loseDescriptor();
    assertSame(b, map.get(BEYOND_DESCRIPTORS));
    assertSame(b, other.get(BEYOND_DESCRIPTORS));
    assertEquals(List.of(b), other.values());
    assertTrue(third.isEmpty());
  }

  @Test
  void aDispatcherOfAnotherMapAloneFollows() {
    SocketMap other = new SocketMap(transport);
    ScriptedSocket socket = ScriptedSocket.connected(transport);
    Dispatcher dispatcher = new Dispatcher(map);
    dispatcher.setSocket(socket, other);
    socket.loseDescriptor();
    assertEquals(BEYOND_DESCRIPTORS, dispatcher.fileno());
    assertEquals(List.of(dispatcher), other.values());
    assertSame(dispatcher, other.get(BEYOND_DESCRIPTORS));
    dispatcher.delChannel(other);
    assertTrue(other.isEmpty());
    assertEquals(-1, dispatcher.fileno());
  }

  @Test
  void whoeverPutHimselfUnderTheNumberMeanwhileStays() {
    int before = b.fileno();
    Dispatcher usurper = new Dispatcher(map);
    map.put(before, usurper);
    socketB.loseDescriptor();
    assertSame(usurper, map.get(before));
    assertNull(map.get(BEYOND_DESCRIPTORS));
    assertEquals(List.of(a, usurper, c), map.values());
  }

  @Test
  void whoeverIsUnderTheNewNumberStays() {
    int before = b.fileno();
    Dispatcher there = new Dispatcher(map);
    map.put(BEYOND_DESCRIPTORS, there);
    socketB.loseDescriptor();
    assertSame(there, map.get(BEYOND_DESCRIPTORS));
    assertSame(b, map.get(before));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1 << 24, BEYOND_DESCRIPTORS, BEYOND_DESCRIPTORS + 70_000})
  void aMapTakesDescriptorsAndNumbersBeyondThem(int number) {
    map.clear();
    assertNull(map.put(number, a));
    assertSame(a, map.get(number));
    assertEquals(List.of(a), map.values());
    assertSame(a, map.remove(number));
    assertTrue(map.isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, (1 << 24) + 1, BEYOND_DESCRIPTORS - 1, Integer.MAX_VALUE})
  void aMapTakesNoOthers(int number) {
    assertThrows(IllegalArgumentException.class, () -> map.put(number, a));
    assertNull(map.get(number));
    assertNull(map.remove(number));
    assertEquals(List.of(a, b, c), map.values());
  }

  // --- whose socket it is ---

  @Test
  void aSocketThatWasLeftOpenConcernsNobody() {
    b.setSocket(ScriptedSocket.connected(transport));
    int number = b.fileno();
    assertNull(socketB.holder());
    socketB.loseDescriptor();
    assertEquals(number, b.fileno());
    assertSame(b, map.get(number));
  }

  @Test
  void aSocketThatAnotherDispatcherTookStaysThatOnes() {
    Dispatcher taker = new Dispatcher(map);
    taker.setSocket(socketB);
    b.setSocket(ScriptedSocket.connected(transport));
    assertNotNull(socketB.holder());
    socketB.loseDescriptor();
    assertSame(taker, map.get(BEYOND_DESCRIPTORS));
    assertEquals(BEYOND_DESCRIPTORS, taker.fileno());
  }

  @Test
  void aDispatcherThatTakesItsSocketAgainHoldsIt() {
    b.setSocket(socketB);
    socketB.loseDescriptor();
    assertSame(b, map.get(BEYOND_DESCRIPTORS));
  }

  @Test
  void aDispatcherThatLeftItsMapHasNoNumber() {
    b.delChannel();
    socketB.loseDescriptor();
    assertEquals(-1, b.fileno());
    assertEquals(List.of(a, c), map.values());
  }

  @Test
  void closingLeavesTheMapAndTheSocketIsNobodys() {
    socketB.loseDescriptor();
    b.close();
    assertEquals(List.of(a, c), map.values());
    assertEquals(-1, b.fileno());
    assertNull(socketB.holder());
    assertTrue(socketB.isClosed());
  }

  @Test
  void aConstructorThatRefusesItsSocketDoesNotHoldIt() {
    ScriptedSocket broken =
        ScriptedSocket.connected(transport).failPeerName(Errno.EIO); // In some unknown way.
    assertThrows(OsException.class, () -> new Dispatcher(broken, map));
    assertNull(broken.holder());
  }

  // --- passes ---

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theNextPassAsksAndCallsItUnderItsNewNumber(boolean usePoll) {
    Passes.one(map, usePoll);
    socketB.loseDescriptor();
    socketB.feed("x");
    Passes.one(map, usePoll);
    assertEquals(List.of("b handleRead"), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNumberThatChangesWhileThePassAsksIsKnownInIt(boolean usePoll) {
    Passes.one(map, usePoll);
    boolean[] once = {true};
    Dispatcher asker =
        new Dispatcher(ScriptedSocket.connected(transport), map) {
          @Override
          public boolean readable() {
            if (once[0]) socketB.loseDescriptor();
            once[0] = false;
            return false;
          }

          @Override
          public boolean writable() {
            return false;
          }
        };
    ScriptedSocket last = ScriptedSocket.connected(transport);
    RecordingDispatcher d = calls.dispatcher("d", last).wants(true, false);
    d.on("handleRead", each -> each.recv(9));
    socketB.feed("x");
    last.feed("y");
    Passes.one(map, usePoll);
    assertEquals(List.of("b handleRead", "d handleRead"), calls);
    assertTrue(asker.fileno() >= 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLaterOneWhoseNumberChangesWhileThePassAsksIsAskedUnderTheNewOne(boolean usePoll) {
    a.wants(true, false);
    map.observer(
        new LoopObserver() {
          @Override
          public boolean wantsAsked() {
            return true;
          }

          @Override
          public void asked(Dispatcher dispatcher, boolean readable, boolean writable) {
            if (dispatcher == a && socketB.fileno() < BEYOND_DESCRIPTORS) socketB.loseDescriptor();
          }
        });
    socketB.feed("x");
    Passes.one(map, usePoll);
    assertEquals(List.of("b handleRead"), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNumberThatChangesWhileThePassWaitsIsKnownWhenItCalls(boolean usePoll) {
    transport.whileWaiting(() -> socketB.loseDescriptor().feed("x"));
    Passes.one(map, usePoll);
    assertEquals(List.of("b handleRead"), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anEventThatIsFrozenBelongsToTheOldNumber(boolean usePoll) {
    socketA.feed("x");
    socketB.feed("y");
    a.on("handleRead", d -> socketB.loseDescriptor());
    Passes.one(map, usePoll);
    assertEquals(List.of("a handleRead"), calls.take());
    a.on("handleRead", d -> d.recv(9));
    Passes.one(map, usePoll);
    assertEquals(List.of("a handleRead", "b handleRead"), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoeverHasTheOldNumberByThenGetsItsEvent(boolean usePoll) {
    socketA.feed("x");
    socketB.feed("y");
    a.on(
        "handleRead",
        d -> {
          d.recv(9);
          socketB.loseDescriptor();
          calls.dispatcher("n", ScriptedSocket.connected(transport)).wants(true, false);
        });
    Passes.one(map, usePoll);
    assertEquals(List.of("a handleRead", "n handleRead"), calls.take());
    Passes.one(map, usePoll);
    assertEquals(List.of("b handleRead"), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNestedPassKnowsTheNewNumber(boolean usePoll) {
    socketA.feed("x");
    socketB.feed("y");
    a.on(
        "handleRead",
        d -> {
          d.recv(9);
          socketB.loseDescriptor();
          Passes.one(map, usePoll);
        });
    Passes.one(map, usePoll);
    assertEquals(List.of("a handleRead", "b handleRead"), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneThatIsAskedOnTouchIsAskedAgain(boolean usePoll) {
    b.interest(Interest.ON_TOUCH);
    Passes.one(map, usePoll);
    socketB.loseDescriptor();
    b.wants(false, false); // Told to nobody, but it is asked now.
    socketB.feed("x");
    Passes.one(map, usePoll);
    assertEquals(List.of(), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void itsOwnCallbackMayLoseTheDescriptorAndLeave(boolean usePoll) {
    socketB.feed("x").room(1);
    b.wants(true, true)
        .on(
            "handleRead",
            d -> {
              socketB.loseDescriptor();
              d.delChannel();
            });
    Passes.one(map, usePoll);
    // As ever: poll's order goes on with who was found, select's looks the number up again.
    assertEquals(
        usePoll ? List.of("b handleRead", "b handleWrite") : List.of("b handleRead"), calls);
    assertEquals(List.of(a, c), map.values());
  }

  // --- going over the map ---

  @Test
  void whoGoesOverTheMapMeetsEachOnce() {
    Iterator<Dispatcher> all = map.iterator();
    assertSame(a, all.next());
    socketB.loseDescriptor();
    assertSame(b, all.next());
    socketA.loseDescriptor();
    assertSame(c, all.next());
    assertTrue(!all.hasNext());
  }

  @Test
  void closingAllClosesThoseWhoseNumbersChangeMeanwhile() throws InterruptedException {
    b.on("handleClose", d -> {});
    SocketMap all = map;
    Dispatcher first =
        new Dispatcher(all) {
          @Override
          public void close() {
            socketC.loseDescriptor();
            super.close();
          }
        };
    all.clear();
    all.put(90, first);
    all.put(socketC.fileno(), c);
    Asyncore.closeAll(all, false);
    assertTrue(socketC.isClosed());
    assertTrue(all.isEmpty());
  }
}
