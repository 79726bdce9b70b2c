package org.asyncore;

import static org.asyncore.fixture.Ascii.bytes;
import static org.asyncore.fixture.Ascii.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetSocketAddress;
import java.util.List;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Peer;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Connections that come up, and those that do not, over real sockets. */
@ParameterizedClass
@MethodSource("org.asyncore.fixture.Wiring#all")
class ConnectTest {
  private final Wiring wiring;
  private final Loopback loopback;
  private final List<String> calls;

  ConnectTest(Wiring wiring) {
    this.wiring = wiring;
    loopback = new Loopback(wiring);
    calls = loopback.calls();
  }

  @AfterEach
  void close() {
    loopback.close();
  }

  @Test
  void aConnectionCallsHandleConnectThenHandleWrite() {
    Peer.Door door = loopback.door();
    RecordingDispatcher dispatcher = loopback.fresh("a");
    dispatcher.connect(door.address());
    assertTrue(dispatcher.connecting());
    assertFalse(dispatcher.connected());
    assertEquals(door.address(), dispatcher.addr());
    loopback.untilCalled("a handleWrite");
    assertEquals(List.of("a handleConnect", "a handleWrite"), calls);
    assertTrue(dispatcher.connected());
    assertFalse(dispatcher.connecting());
    Peer peer = door.accept();
    assertEquals(peer.address(), dispatcher.socket().getpeername());
    assertEquals(door.address(), dispatcher.socket().getpeername());
    assertEquals(5, dispatcher.send(bytes("hello")));
    assertEquals("hello", peer.receive(5));
    peer.close();
  }

  @Test
  void dataThatWaitsAlreadyIsReadInTheSamePass() {
    Peer.Door door = loopback.door();
    RecordingDispatcher dispatcher = loopback.fresh("a");
    dispatcher.connect(door.address());
    Peer peer = door.accept().send("x");
    loopback.untilCalled("a handleWrite");
    assertEquals(List.of("a handleConnect", "a handleRead", "a handleWrite"), calls);
    peer.close();
  }

  @Test
  void aRefusedConnectionReachesHandleErrorThenHandleClose() {
    RecordingDispatcher dispatcher = loopback.fresh("a");
    dispatcher.connect(loopback.nowhere());
    loopback.untilCalled("a handleClose");
    assertEquals(List.of("a handleError ECONNREFUSED", "a handleClose"), calls);
    assertTrue(loopback.map().isEmpty());
    assertFalse(dispatcher.connecting());
  }

  @Test
  void aRefusedConnectionOfWhoDoesNotReadIsToldByTheWriteEvent() {
    loopback.fresh("a").wants(false, true).connect(loopback.nowhere());
    loopback.untilCalled("a handleClose");
    assertEquals(List.of("a handleError ECONNREFUSED", "a handleClose"), calls);
  }

  @Test
  void theErrorOfARefusedConnectionIsToldOnceAndTheNextEventReportsIt() {
    RecordingDispatcher dispatcher = loopback.fresh("a").on("handleError", kept -> {});
    dispatcher.connect(loopback.nowhere());
    loopback.untilCalled("a handleConnect");
    assertEquals("a handleError ECONNREFUSED", calls.get(0));
    assertEquals("a handleConnect", calls.get(1));
  }

  /** docs/differences.md#reset-while-connecting-on-nio. */
  @Test
  void aResetThatComesBeforeItIsToldOfTheConnectionIsAnErrorOnEpoll() {
    assumeTrue(wiring.family() != Family.UNIX, "a Unix socket is told at once");
    Peer.Door door = loopback.door();
    RecordingDispatcher dispatcher = loopback.fresh("a").wants(true, false);
    dispatcher.connect(door.address());
    Peer peer = door.accept();
    loopback.pass(); // It is up, and nobody wants to write.
    assertEquals(List.of(), calls);
    peer.send("x").reset();
    loopback.until(() -> !calls.isEmpty(), "a callback");
    boolean isEpoll = wiring.transport().equals("epoll");
    String onEpoll = wiring.usePoll() ? "" : "a handleError ECONNRESET, ";
    String told = isEpoll ? onEpoll : "a handleConnect, a handleRead, ";
    boolean isClosed =
        isEpoll || wiring.usePoll(); // By select on NIO it is recv that will find it.
    assertEquals(told + (isClosed ? "a handleClose, " : ""), String.join(", ", calls) + ", ");
  }

  @Test
  void afterARefusalTheDispatcherMayTryAgainElsewhere() {
    RecordingDispatcher dispatcher = loopback.fresh("a");
    dispatcher.connect(loopback.nowhere());
    loopback.untilCalled("a handleClose");
    Peer.Door door = loopback.door();
    dispatcher.createSocket(wiring.family());
    dispatcher.connect(door.address());
    loopback.until(dispatcher::connected, "connection");
  }

  @Test
  void twoDispatchersOfOneMapTalk() {
    RecordingDispatcher listener = loopback.listener("listener");
    RecordingDispatcher client = loopback.fresh("client");
    client.on("handleConnect", d -> d.send(bytes("six"))).wants(false, true);
    client.connect(Loopback.addressOf(listener));
    loopback.untilCalled("listener handleAccepted");
    RecordingDispatcher served =
        loopback.calls().dispatcher("served", listener.accepted()).wants(true, false);
    served.on("handleRead", d -> calls.add(text(d.recv(100))));
    loopback.untilCalled("six");
    assertEquals(client.socket().getsockname(), served.addr());
    assertTrue(served.connected());
  }

  @Test
  void closingInHandleConnectLeavesTheFlagAndStillWrites() {
    Peer.Door door = loopback.door();
    RecordingDispatcher dispatcher = loopback.fresh("a").on("handleConnect", Dispatcher::close);
    dispatcher.connect(door.address());
    loopback.untilCalled("a handleWrite");
    assertEquals(List.of("a handleConnect", "a handleWrite"), calls);
    assertTrue(dispatcher.connected(), "as in Python");
    assertTrue(loopback.map().isEmpty());
    try (Peer peer = door.accept()) {
      assertEquals("'' then closed", peer.receiveAll().toString());
    }
  }

  @Test
  void connectingAgainWhenConnectedReportsTheConnectionAgain() {
    Peer.Door door = loopback.door();
    Loopback.Linked linked = loopback.link("a", door);
    linked.dispatcher().connect(door.address()); // EISCONN
    assertEquals(List.of("a handleConnect"), calls);
    assertTrue(linked.dispatcher().connected());
    linked.dispatcher().send(bytes("hello"));
    assertEquals("hello", linked.peer().receive(5));
  }

  @Test
  void aNameThatDoesNotResolveIsToldAtOnceAndTheDispatcherCanStillConnect() {
    RecordingDispatcher dispatcher = loopback.fresh("a");
    OsException refused =
        assertThrows(
            OsException.class,
            () -> dispatcher.connect(InetSocketAddress.createUnresolved("no.such.host", 80)));
    assertEquals(Errno.EAI_NONAME, refused.errno());
    assertTrue(refused.getMessage().contains("no.such.host"), refused.getMessage());
    assertEquals(
        Errno.EAI_NONAME,
        assertThrows(
                OsException.class,
                () -> dispatcher.bind(InetSocketAddress.createUnresolved("no.such.host", 80)))
            .errno());
    dispatcher.connect(loopback.door().address());
    loopback.until(dispatcher::connected, "connection");
  }

  @Test
  void anAddressThatCannotBeReachedIsToldAtOnceByConnect() {
    RecordingDispatcher dispatcher = loopback.fresh("a");
    // Linux refuses TCP to a broadcast, and to a link-local address without its link.
    String nobody = wiring.family() == Family.INET6 ? "fe80::1" : "255.255.255.255";
    OsException refused = assertThrows(OsException.class, () -> dispatcher.connect(nobody, 9));
    assertTrue(
        refused.errno() == Errno.ENETUNREACH || refused.errno() == Errno.EINVAL,
        refused.getMessage());
    assertTrue(dispatcher.connecting(), "as in Python");
    assertEquals(List.of(dispatcher), loopback.map().values());
    dispatcher.connect(loopback.door().address());
    loopback.until(dispatcher::connected, "connection with the same socket");
  }

  @Test
  void anAddressOfAnotherMachineCannotBeBound() {
    RecordingDispatcher dispatcher = loopback.fresh("a");
    String other = wiring.family() == Family.INET6 ? "2001:db8::1" : "198.51.100.1";
    OsException refused = assertThrows(OsException.class, () -> dispatcher.bind(other, 0));
    assertEquals(Errno.EADDRNOTAVAIL, refused.errno());
    dispatcher.bind(loopback.anyPort());
    dispatcher.listen(1);
    assertTrue(Loopback.addressOf(dispatcher).getPort() > 0);
  }

  @Test
  void aBoundSocketConnectsFromItsAddress() {
    RecordingDispatcher dispatcher = loopback.fresh("a");
    dispatcher.bind(loopback.anyPort());
    InetSocketAddress name = Loopback.addressOf(dispatcher);
    Peer.Door door = loopback.door();
    dispatcher.connect(door.address());
    loopback.until(dispatcher::connected, "connection");
    assertEquals(name, dispatcher.socket().getsockname());
    door.accept().close();
  }

  @Test
  void aFreshSocketIsReadableAndWritableToSelectAndHungUpToPoll() {
    loopback.fresh("a");
    loopback.pass();
    assertEquals(
        wiring.usePoll()
            ? List.of("a handleWrite", "a handleClose")
            : List.of("a handleRead", "a handleWrite"),
        calls);
  }
}
