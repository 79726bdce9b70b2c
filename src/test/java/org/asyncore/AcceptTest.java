package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Set;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Peer;
import org.asyncore.fixture.Printed;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.SocketType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Listening, accepting, and making dispatchers of sockets that exist already. */
@ParameterizedClass
@MethodSource("org.asyncore.fixture.Wiring#all")
class AcceptTest {
  private final Wiring wiring;
  private final Loopback loopback;
  private final List<String> calls;

  AcceptTest(Wiring wiring) {
    this.wiring = wiring;
    loopback = new Loopback(wiring);
    calls = loopback.calls();
  }

  @AfterEach
  void close() {
    loopback.close();
  }

  @Test
  void eachPassAcceptsOneConnection() {
    RecordingDispatcher listener = loopback.listener("l");
    listener.on("handleAccepted", d -> d.accepted().close());
    for (int i = 0; i < 3; i++) loopback.peer(Loopback.addressOf(listener));
    loopback.pass();
    assertEquals(List.of("l handleAccepted"), calls);
    loopback.pass();
    loopback.pass();
    loopback.pass();
    assertEquals(List.of("l handleAccepted", "l handleAccepted", "l handleAccepted"), calls);
  }

  @Test
  void aPeerWhoseHandleAcceptedThrowsReadsTheEnd() {
    RecordingDispatcher listener = loopback.listener("l");
    listener.on("handleError", d -> {});
    listener.on(
        "handleAccepted",
        d -> {
          throw new IllegalStateException("no room");
        });
    try (Peer peer = loopback.peer(Loopback.addressOf(listener))) {
      loopback.untilCalled("l handleError IllegalStateException");
      assertEquals("", peer.receiveAll().data());
    }
    assertTrue(listener.accepting());
  }

  @Test
  void aListenerIsNeverWrittenAndKeepsItsPort() {
    RecordingDispatcher listener = loopback.listener("l").wants(false, true);
    loopback.peer(Loopback.addressOf(listener));
    loopback.pass();
    loopback.pass();
    assertEquals(List.of(), calls);
    assertTrue(listener.accepting());
    assertTrue(listener.wants(true, true).socket().fileno() >= 0);
    loopback.untilCalled("l handleAccepted");
    listener.accepted().close();
  }

  @Test
  void acceptWithNobodyWaitingIsNull() {
    RecordingDispatcher listener = loopback.listener("l");
    assertNull(listener.accept());
    try (Peer peer = loopback.peer(Loopback.addressOf(listener))) {
      Accepted pair = listener.accept();
      assertNotNull(pair);
      assertEquals(peer.address(), pair.address());
      assertEquals(wiring.family(), pair.socket().family());
      pair.socket().close();
      assertNull(listener.accept());
    }
  }

  @Test
  void theDefaultHandleAcceptedClosesTheConnectionWithAWarning() {
    Dispatcher listener = new Dispatcher(loopback.map());
    listener.ignoreLogTypes(Set.of());
    listener.createSocket(wiring.family());
    listener.bind(loopback.anyPort());
    listener.listen(5);
    Peer peer = loopback.peer((InetSocketAddress) listener.socket().getsockname());
    try (Printed printed = new Printed()) {
      loopback.until(() -> !printed.out().isEmpty(), "warning");
      assertEquals("warning: unhandled accepted event\n", printed.out());
    }
    assertEquals("'' then closed", peer.receiveAll().toString());
    assertTrue(listener.accepting());
  }

  @Test
  void handleAcceptMayCallAcceptItself() {
    Dispatcher listener =
        new Dispatcher(loopback.map()) {
          @Override
          public void handleAccept() {
            Accepted pair = accept();
            calls.add("accepted " + (pair != null));
            if (pair != null) pair.socket().close();
          }

          @Override
          public void handleAccepted(AsyncSocket socket, SocketAddress address) {
            calls.add("handleAccepted");
          }
        };
    listener.createSocket(wiring.family());
    listener.bind(loopback.anyPort());
    listener.listen(5);
    loopback.peer((InetSocketAddress) listener.socket().getsockname());
    loopback.untilCalled("accepted true");
    assertEquals(List.of("accepted true"), calls);
  }

  @Test
  void anAcceptedSocketBecomesAConnectedDispatcherOfTheMapItIsGiven() {
    RecordingDispatcher listener = loopback.listener("l");
    Peer peer = loopback.peer(Loopback.addressOf(listener));
    loopback.untilCalled("l handleAccepted");
    RecordingDispatcher served = loopback.calls().dispatcher("s", listener.accepted());
    assertTrue(served.connected());
    assertEquals(peer.address(), served.addr());
    assertEquals(Loopback.addressOf(listener), served.socket().getsockname());
    assertEquals(List.of(listener, served), loopback.map().values());
    served.wants(true, false).on("handleRead", d -> d.send(d.recv(100)));
    peer.send("hello");
    loopback.untilCalled("s handleRead");
    assertEquals("hello", peer.receive(5));
  }

  @Test
  void aWrappedSocketThatIsNotConnectedHasNoAddress() {
    AsyncSocket socket = loopback.map().transport().socket(wiring.family(), SocketType.STREAM);
    RecordingDispatcher dispatcher = loopback.calls().dispatcher("a", socket);
    assertFalse(dispatcher.connected());
    assertNull(dispatcher.addr());
    assertEquals(socket.fileno(), dispatcher.fileno());
    dispatcher.connect(loopback.door().address());
    loopback.until(dispatcher::connected, "connection");
  }

  @Test
  void aClosedSocketIsRefusedAndPutIntoNoMap() {
    RecordingDispatcher before = loopback.fresh("a");
    AsyncSocket closed = before.socket();
    before.close();
    assertThrows(RuntimeException.class, () -> new Dispatcher(closed, loopback.map()));
    assertTrue(loopback.map().isEmpty());
  }

  @Test
  void anAddressInUseIsToldAtOnce() {
    InetSocketAddress taken = Loopback.addressOf(loopback.listener("l"));
    RecordingDispatcher second = loopback.fresh("b");
    OsException refused = assertThrows(OsException.class, () -> second.bind(taken));
    assertEquals(Errno.EADDRINUSE, refused.errno());
    second.bind(loopback.anyPort()); // The socket is as fresh as before.
    second.listen(1);
    loopback.peer(Loopback.addressOf(second));
    loopback.untilCalled("b handleAccepted");
    second.accepted().close();
  }

  @Test
  void aPortIsFreeAgainOnceItsListenerIsClosed() {
    RecordingDispatcher first = loopback.fresh("a");
    first.setReuseAddr();
    first.bind(loopback.anyPort());
    first.listen(5);
    InetSocketAddress address = Loopback.addressOf(first);
    first.close();
    RecordingDispatcher second = loopback.fresh("b");
    second.setReuseAddr();
    second.bind(address);
    second.listen(5);
    loopback.peer(address);
    loopback.untilCalled("b handleAccepted");
    second.accepted().close();
  }

  @Test
  void listeningUnboundChoosesAPortAsLinuxDoes() {
    RecordingDispatcher listener = loopback.fresh("l");
    listener.listen(5);
    int port = Loopback.addressOf(listener).getPort();
    assertTrue(port > 0);
    loopback.peer(new InetSocketAddress(wiring.loopback(), port));
    loopback.untilCalled("l handleAccepted");
    listener.accepted().close();
  }

  @Test
  void anEmptyHostIsAnyAddressOfTheFamily() {
    RecordingDispatcher listener = loopback.fresh("l");
    listener.bind("", 0);
    listener.listen(5);
    loopback.peer(new InetSocketAddress(wiring.loopback(), Loopback.addressOf(listener).getPort()));
    loopback.untilCalled("l handleAccepted");
    listener.accepted().close();
  }

  @Test
  void listeningTwiceIsFine() {
    RecordingDispatcher listener = loopback.listener("l");
    InetSocketAddress address = Loopback.addressOf(listener);
    listener.listen(20);
    assertEquals(address, Loopback.addressOf(listener));
    loopback.peer(address);
    loopback.untilCalled("l handleAccepted");
    listener.accepted().close();
  }

  @Test
  void closingAListenerWithConnectionsWaitingEndsThem() {
    RecordingDispatcher listener = loopback.listener("l");
    Peer waiting = loopback.peer(Loopback.addressOf(listener));
    listener.close();
    assertEquals("reset", waiting.receiveAll().then());
  }
}
