package org.asyncore;

import static org.asyncore.fixture.ScriptedSocket.address;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.SocketAddress;
import java.util.List;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.transport.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table at the head of {@link Dispatcher}, line by line; each in both orders of events. */
class DispatcherStatesTest {
  private static final SocketAddress PEER = address(4711);

  private final ScriptedSocket socket = new ScriptedSocket();
  private final CallLog calls = CallLog.of(socket);
  private final RecordingDispatcher dispatcher = calls.dispatcher();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void connectingAndReadableConnectsThenReads(boolean usePoll) {
    dispatcher.wants(true, false).connect(PEER);
    assertFlags("connecting");
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of(), calls, "nothing came yet");
    socket.feed("x");
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("handleConnect", "handleRead"), calls);
    assertFlags("connected");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void connectingAndWritableConnectsThenWrites(boolean usePoll) {
    dispatcher.connect(PEER);
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("handleConnect", "handleWrite"), calls);
    assertFlags("connected");
    assertEquals(PEER, dispatcher.addr());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void withDataWaitingTheReadEventTellsOfTheConnection(boolean usePoll) {
    dispatcher.connect(PEER);
    socket.feed("x");
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("handleConnect", "handleRead", "handleWrite"), calls);
  }

  @Test
  void aClosedSocketIsRefusedAndTheOneBeforeStays() {
    ScriptedSocket closed = ScriptedSocket.connected((ScriptedTransport) calls.map().transport());
    closed.close();
    int number = dispatcher.fileno();
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> dispatcher.setSocket(closed));
    assertEquals("socket is closed: its number is -1", refused.getMessage());
    assertSame(socket, dispatcher.socket());
    assertEquals(number, dispatcher.fileno());
    assertSame(dispatcher, calls.map().get(number));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void connectingThatNeverComesUpCallsNothing(boolean usePoll) {
    socket.answerConnect(Errno.EAGAIN);
    dispatcher.connect(PEER);
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of(), calls);
    assertFlags("connecting");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusedConnectReachesHandleErrorThenHandleClose(boolean usePoll) {
    socket.refuseConnect();
    dispatcher.connect(PEER);
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("handleError ECONNREFUSED", "handleClose"), calls);
    assertFlags("");
    assertTrue(calls.map().isEmpty());
    assertTrue(socket.isClosed());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusedConnectOfWhoDoesNotReadIsToldByTheWriteEvent(boolean usePoll) {
    socket.refuseConnect();
    dispatcher.wants(false, true).connect(PEER);
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("handleError ECONNREFUSED", "handleClose"), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRefusedChannelThatHandleErrorKeepsIsReportedConnectedAtItsNextEvent(boolean usePoll) {
    socket.refuseConnect();
    dispatcher.on("handleError", kept -> {}).connect(PEER);
    Passes.one(calls.map(), usePoll);
    if (usePoll) { // The exception ended its turn; select's write event is one of its own.
      assertEquals(List.of("handleError ECONNREFUSED"), calls.take());
      Passes.one(calls.map(), true);
      assertEquals(List.of("handleConnect", "handleRead", "handleWrite", "handleClose"), calls);
      return;
    }
    assertEquals(List.of("handleError ECONNREFUSED", "handleConnect", "handleWrite"), calls);
    assertFlags("connected");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aChannelThatClosesInHandleConnectEndsUpConnectedAndStillWrites(boolean usePoll) {
    dispatcher.on("handleConnect", Dispatcher::close).connect(PEER);
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("handleConnect", "handleWrite"), calls);
    assertFlags("connected");
    assertTrue(socket.isClosed());
    assertTrue(calls.map().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void handleConnectRunsWhileConnectedIsStillFalse(boolean usePoll) {
    dispatcher
        .on("handleConnect", d -> calls.add(d.connected() + ", " + d.connecting()))
        .wants(false, true)
        .connect(PEER);
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("handleConnect", "false, true", "handleWrite"), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void listeningAndReadableAcceptsOneConnectionAPass(boolean usePoll) {
    dispatcher.listen(5);
    assertFlags("accepting");
    ScriptedSocket first = ScriptedSocket.connected(socket.transport());
    ScriptedSocket second = ScriptedSocket.connected(socket.transport());
    socket.offer(first).offer(second);
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("handleAccepted"), calls.take());
    assertSame(first, dispatcher.accepted());
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("handleAccepted"), calls.take());
    assertSame(second, dispatcher.accepted());
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of(), calls, "nobody waits any more");
    assertFlags("accepting");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aListenerIsNeverWritten(boolean usePoll) {
    dispatcher.listen(5);
    dispatcher.wants(false, true);
    socket.offer(ScriptedSocket.connected(socket.transport()));
    Passes.one(calls.map(), usePoll);
    dispatcher.handleWriteEvent(); // Even if somebody says there is room.
    assertEquals(List.of(), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void connectedReadsWhileSomethingWaitsAndWritesWhileThereIsRoom(boolean usePoll) {
    connect();
    socket.feed("x");
    Passes.one(calls.map(), usePoll);
    Passes.one(calls.map(), usePoll);
    assertEquals(
        List.of("handleRead", "handleWrite", "handleRead", "handleWrite"),
        calls.take(),
        "readiness is a level");
    socket.recv(1);
    socket.room(0);
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of(), calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void urgentDataCallsHandleExpt(boolean usePoll) {
    connect();
    dispatcher.wants(true, false);
    socket.feedUrgent("!");
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("handleExpt"), calls);
    assertFlags("connected");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void urgentDataWithAPendingErrorClosesInstead(boolean usePoll) {
    connect();
    dispatcher.wants(true, false);
    socket.feedUrgent("!").error(Errno.ETIMEDOUT);
    Passes.one(calls.map(), usePoll);
    // Poll's flags were found before; the error ends in handleClose a second time.
    assertEquals(
        usePoll
            ? List.of("handleRead", "handleClose", "handleClose")
            : List.of("handleRead", "handleClose"),
        calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theEndOfTheStreamIsReadableUntilRecvFindsItAndCloses(boolean usePoll) {
    connect();
    dispatcher.wants(true, false);
    socket.end();
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("handleRead"), calls.take());
    dispatcher.on("handleRead", d -> calls.add("recv " + d.recv(9).length));
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("handleRead", "handleClose", "recv 0"), calls);
    assertFlags("");
    assertTrue(socket.isClosed());
    assertTrue(calls.map().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aClosedDispatcherMayCreateAnotherSocketAndConnectAgain(boolean usePoll) {
    connect();
    dispatcher.close();
    dispatcher.close(); // Twice does no harm.
    assertFlags("");
    ScriptedSocket another = socket.transport().prepare();
    dispatcher.createSocket();
    assertSame(another, dispatcher.socket());
    assertSame(dispatcher, calls.map().get(another.fileno()));
    dispatcher.connect(PEER);
    Passes.one(calls.map(), usePoll);
    assertEquals(List.of("handleConnect", "handleWrite"), calls);
    assertFlags("connected");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFreshSocketIsWritableToSelectAndHungUpToPoll(boolean usePoll) {
    Passes.one(calls.map(), usePoll);
    assertEquals(
        usePoll
            ? List.of("handleWrite", "handleClose")
            : List.of("handleRead", "handleWrite"), // A hang-up is readable to select.
        calls);
  }

  /** Connects, and forgets the calls of it. */
  private void connect() {
    dispatcher.connect(PEER);
    calls.pass();
    calls.take();
    assertFlags("connected");
  }

  private void assertFlags(String flags) {
    String now =
        (dispatcher.accepting() ? "accepting " : "")
            + (dispatcher.connected() ? "connected " : "")
            + (dispatcher.connecting() ? "connecting " : "");
    assertEquals(flags, now.strip());
    assertFalse(dispatcher.closing(), "the library never sets closing");
  }
}
