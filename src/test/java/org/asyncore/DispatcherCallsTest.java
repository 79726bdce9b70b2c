package org.asyncore;

import static org.asyncore.fixture.Ascii.bytes;
import static org.asyncore.fixture.Ascii.text;
import static org.asyncore.fixture.ScriptedSocket.address;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.List;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.WouldBlockException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The methods that call the socket: what they return, what they change, what they refuse. */
class DispatcherCallsTest {
  private final ScriptedTransport transport = new ScriptedTransport();
  private final CallLog calls = new CallLog(transport);
  private final ScriptedSocket socket = ScriptedSocket.connected(transport);
  private final RecordingDispatcher dispatcher = calls.dispatcher("a", socket);

  @ParameterizedTest
  @EnumSource(names = {"ECONNRESET", "ENOTCONN", "ESHUTDOWN", "ECONNABORTED", "EPIPE", "EBADF"})
  void aBrokenConnectionMakesRecvAndSendCloseAndReturnNothing(Errno errno) {
    dispatcher.on("handleClose", d -> {});
    socket.failRecv(errno).failRecv(errno).failSend(errno).failSend(errno);
    assertEquals(0, dispatcher.recv(10).length);
    assertEquals(0, dispatcher.recv(ByteBuffer.allocate(10)));
    assertEquals(0, dispatcher.send(new byte[3]));
    ByteBuffer data = ByteBuffer.wrap(new byte[3]);
    assertEquals(0, dispatcher.send(data));
    assertEquals(0, data.position());
    assertEquals(
        List.of("a handleClose", "a handleClose", "a handleClose", "a handleClose"), calls);
  }

  @Test
  void otherErrnosAreThrownAndCallNothing() {
    socket.failRecv(Errno.ETIMEDOUT).failSend(Errno.EMSGSIZE);
    assertEquals(
        Errno.ETIMEDOUT, assertThrows(OsException.class, () -> dispatcher.recv(10)).errno());
    assertEquals(
        Errno.EMSGSIZE,
        assertThrows(OsException.class, () -> dispatcher.send(new byte[3])).errno());
    assertEquals(List.of(), calls);
  }

  @Test
  void wouldBlockIsZeroToSendAndAnExceptionToRecv() {
    socket.room(0);
    assertEquals(0, dispatcher.send(new byte[3]));
    assertSame(
        WouldBlockException.INSTANCE,
        assertThrows(WouldBlockException.class, () -> dispatcher.recv(3)));
    assertEquals(List.of(), calls);
  }

  @Test
  void sendSaysHowMuchWasTaken() {
    socket.room(5);
    assertEquals(3, dispatcher.send(bytes("abcdef"), 1, 3));
    ByteBuffer data = ByteBuffer.wrap(bytes("xyz"));
    assertEquals(2, dispatcher.send(data));
    assertEquals(2, data.position());
    assertEquals("bcdxy", socket.sent());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void recvOfNoBytesIsRefusedAndTakesNothing(int size) {
    socket.feed("abc");
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> dispatcher.recv(size));
    assertEquals(
        "recv of " + size + " bytes (docs/differences.md#recv-of-no-bytes)", refused.getMessage());
    assertThrows(IllegalArgumentException.class, () -> dispatcher.recv(ByteBuffer.allocate(0)));
    assertEquals("abc", text(dispatcher.recv(10)));
  }

  @Test
  void aPieceOutsideOfTheArrayIsRefusedAndNothingIsSent() {
    byte[] data = new byte[5];
    assertThrows(IndexOutOfBoundsException.class, () -> dispatcher.send(data, -1, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> dispatcher.send(data, 3, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> dispatcher.send(data, 0, -1));
    assertThrows(
        IndexOutOfBoundsException.class, () -> dispatcher.send(data, 1, Integer.MAX_VALUE));
    assertEquals(List.of(), socket.sends());
    assertEquals(5, dispatcher.send(data));
  }

  @Test
  void nullsAreRefusedByNameAndChangeNothing() {
    assertNullRefused("target is null", () -> dispatcher.recv((ByteBuffer) null));
    assertNullRefused("address is null", () -> dispatcher.connect(null));
    assertNullRefused("address is null", () -> dispatcher.bind(null));
    assertNullRefused("host is null", () -> dispatcher.connect(null, 80));
    assertNullRefused("host is null", () -> dispatcher.bind(null, 80));
    assertNullRefused("family is null", () -> dispatcher.createSocket(null));
    assertNullRefused("type is null", () -> dispatcher.createSocket(Family.INET, null));
    assertNullRefused("socket is null", () -> dispatcher.setSocket(null));
    assertSame(socket, dispatcher.socket());
    assertTrue(dispatcher.connected());
    assertFalse(dispatcher.connecting());
    assertEquals(List.of(dispatcher), calls.map().values());
  }

  @Test
  void noDataAtAllIsPythonsTypeError() {
    for (Runnable call :
        List.<Runnable>of(
            () -> dispatcher.send((byte[]) null),
            () -> dispatcher.send(null, 0, 0),
            () -> dispatcher.send((ByteBuffer) null))) {
      assertEquals(
          "data is null", assertThrows(NullPointerException.class, call::run).getMessage());
    }
    assertTrue(dispatcher.connected());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65536, Integer.MAX_VALUE})
  void portsOutOfRangeAreRefusedAndChangeNothing(int port) {
    String message = "port is not from 0 to 65535: " + port;
    assertRefused(message, () -> dispatcher.connect("127.0.0.1", port));
    assertRefused(message, () -> dispatcher.bind("127.0.0.1", port));
    assertTrue(dispatcher.connected());
    assertFalse(dispatcher.connecting());
  }

  @Test
  void aNegativeBacklogIsRefusedAndChangesNothing() {
    assertRefused("backlog < 0: -1", () -> dispatcher.listen(-1));
    assertFalse(dispatcher.accepting());
  }

  @Test
  void callsOfADispatcherWithoutASocketSayWhichOne() {
    Dispatcher none = new Dispatcher(calls.map());
    assertNoSocket("listen", () -> none.listen(1));
    assertNoSocket("bind", () -> none.bind(address(1)));
    assertNoSocket("connect", () -> none.connect(address(1)));
    assertNoSocket("accept", none::accept);
    assertNoSocket("send", () -> none.send(new byte[1]));
    assertNoSocket("recv", () -> none.recv(1));
    assertNoSocket("setReuseAddr", none::setReuseAddr);
    assertFalse(none.accepting() || none.connecting() || none.connected());
    assertNull(none.addr());
    none.close(); // Nothing to close is no error.
    none.delChannel();
    assertEquals(-1, none.fileno());
    none.createSocket();
    assertTrue(calls.map().containsKey(none.fileno()));
  }

  @Test
  void connectThatSucceedsAtOnceCallsHandleConnectInside() {
    ScriptedSocket fresh = new ScriptedSocket(transport).answerConnect(Errno.OK);
    RecordingDispatcher client = calls.dispatcher("c", fresh);
    client.connect(address(4711));
    assertEquals(List.of("c handleConnect"), calls);
    assertTrue(client.connected());
    assertEquals(address(4711), client.addr());
  }

  @ParameterizedTest
  @EnumSource(names = {"EINPROGRESS", "EALREADY", "EAGAIN"})
  void connectUnderWayOnlyRemembersTheAddress(Errno errno) {
    RecordingDispatcher client =
        calls.dispatcher("c", new ScriptedSocket(transport).answerConnect(errno));
    client.connect(address(4711));
    assertEquals(List.of(), calls);
    assertTrue(client.connecting());
    assertEquals(address(4711), client.addr());
  }

  @Test
  void connectThatFailsAtOnceThrowsAndStillCountsAsConnecting() {
    RecordingDispatcher client =
        calls.dispatcher("c", new ScriptedSocket(transport).answerConnect(Errno.ENETUNREACH));
    OsException refused = assertThrows(OsException.class, () -> client.connect(address(4711)));
    assertEquals(Errno.ENETUNREACH, refused.errno());
    assertTrue(refused.getMessage().contains("127.0.0.1:4711"), refused.getMessage());
    assertTrue(client.connecting());
    assertNull(client.addr());
    assertEquals(List.of(dispatcher, client), calls.map().values());
  }

  @Test
  void setReuseAddrSetsTheOptionAndIgnoresFailure() {
    dispatcher.setReuseAddr();
    assertEquals(true, socket.getsockopt(StandardSocketOptions.SO_REUSEADDR));
    socket.close();
    dispatcher.setReuseAddr();
  }

  @Test
  void aWrappedSocketsAddressIsThePeers() {
    assertTrue(dispatcher.connected());
    assertEquals(socket.getpeername(), dispatcher.addr());
    assertEquals(socket.fileno(), dispatcher.fileno());
    assertNull(dispatcher.family(), "only createSocket sets it");
    RecordingDispatcher fresh = calls.dispatcher("f", new ScriptedSocket(transport));
    assertFalse(fresh.connected());
    assertNull(fresh.addr());
  }

  @Test
  void createSocketRemembersFamilyAndType() {
    Dispatcher made = new Dispatcher(calls.map());
    made.createSocket(Family.INET6, SocketType.STREAM);
    assertEquals(Family.INET6, made.family());
    assertEquals(SocketType.STREAM, made.type());
    assertFalse(made.connected());
  }

  @Test
  void aSecondSocketLeavesTheFirstOneOpenAndInTheMap() {
    int first = dispatcher.fileno();
    ScriptedSocket second = new ScriptedSocket(transport);
    dispatcher.setSocket(second);
    assertFalse(socket.isClosed());
    assertSame(dispatcher, calls.map().get(first));
    assertSame(dispatcher, calls.map().get(second.fileno()));
    dispatcher.close();
    assertEquals(List.of(dispatcher), calls.map().values(), "as in Python: a leak");
  }

  @Test
  void channelsGoIntoAndOutOfOtherMapsByHand() {
    SocketMap other = new SocketMap(transport);
    dispatcher.addChannel(other);
    assertEquals(List.of(dispatcher), other.values());
    dispatcher.delChannel(other);
    assertTrue(other.isEmpty());
    assertEquals(-1, dispatcher.fileno());
    assertEquals(List.of(dispatcher), calls.map().values(), "its own map still has it");
    assertThrows(IllegalArgumentException.class, dispatcher::addChannel, "it has no number");
  }

  @Test
  void acceptAnswersNullForWhoeverIsGoneAndThrowsTheRest() {
    ScriptedSocket listener = new ScriptedSocket(transport);
    RecordingDispatcher listening = calls.dispatcher("l", listener);
    assertEquals(Errno.EINVAL, assertThrows(OsException.class, listening::accept).errno());
    listening.listen(1);
    assertNull(listening.accept());
  }

  @Test
  void subclassesMaySetWhatPythonsMaySet() {
    Dispatcher open =
        new Dispatcher(calls.map()) {
          {
            connected(true);
            accepting(true);
            connecting(true);
            closing(true);
            addr(address(1));
            debug(true);
          }
        };
    assertTrue(open.connected() && open.accepting() && open.connecting() && open.closing());
    assertTrue(open.debug());
    assertEquals(address(1), open.addr());
    assertSame(calls.map(), open.map());
  }

  @Test
  void recvReturnsTheCallersOwnBytes() {
    socket.feed("abc");
    byte[] data = dispatcher.recv(2);
    assertArrayEquals(bytes("ab"), data);
    assertEquals("c", text(dispatcher.recv(2)));
  }

  private static void assertNullRefused(String message, Runnable refused) {
    assertEquals(message, assertThrows(NullPointerException.class, refused::run).getMessage());
  }

  private static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  private static void assertNoSocket(String method, Runnable call) {
    assertEquals(
        method + "() on a dispatcher without a socket",
        assertThrows(IllegalStateException.class, call::run).getMessage());
  }
}
