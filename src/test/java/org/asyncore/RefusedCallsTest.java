package org.asyncore;

import static org.asyncore.fixture.Ascii.bytes;
import static org.asyncore.fixture.Ascii.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Shutdown;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls that the system refuses: its errno, at once, and the socket does what it did before. */
@ParameterizedClass
@MethodSource("org.asyncore.fixture.Wiring#inet")
class RefusedCallsTest {
  private final Loopback loopback;

  RefusedCallsTest(Wiring wiring) {
    loopback = new Loopback(wiring);
  }

  @AfterEach
  void close() {
    loopback.close();
  }

  @Test
  void aBoundSocketCannotBeBoundAgain() {
    RecordingDispatcher dispatcher = loopback.fresh("a");
    dispatcher.bind(loopback.anyPort());
    InetSocketAddress name = Loopback.addressOf(dispatcher);
    assertErrno(Errno.EINVAL, () -> dispatcher.bind(loopback.anyPort()));
    assertEquals(name, Loopback.addressOf(dispatcher));
    dispatcher.listen(1);
    assertErrno(Errno.EINVAL, () -> dispatcher.bind(loopback.anyPort()));
    assertEquals(name, Loopback.addressOf(dispatcher));
    loopback.peer(name);
    loopback.untilCalled("a handleAccepted");
    dispatcher.accepted().close();
  }

  @Test
  void aConnectedSocketCannotListenBindOrAccept() {
    Loopback.Linked linked = loopback.link("a");
    RecordingDispatcher dispatcher = linked.dispatcher();
    assertErrno(Errno.EINVAL, () -> dispatcher.socket().listen(1));
    assertErrno(Errno.EINVAL, () -> dispatcher.socket().bind(loopback.anyPort()));
    assertErrno(Errno.EINVAL, () -> dispatcher.accept());
    assertEquals("echo", exchange(linked));
  }

  @Test
  void aDispatcherWhoseListenIsRefusedIsMarkedAcceptingAsInPython() {
    Loopback.Linked linked = loopback.link("a");
    assertErrno(Errno.EINVAL, () -> linked.dispatcher().listen(1));
    assertTrue(linked.dispatcher().accepting());
    linked.dispatcher().close();
    assertFalse(linked.dispatcher().accepting());
    linked.dispatcher().createSocket();
    linked.dispatcher().bind(loopback.anyPort());
    linked.dispatcher().listen(1);
    loopback.peer(Loopback.addressOf(linked.dispatcher()));
    loopback.untilCalled("a handleAccepted");
    linked.dispatcher().accepted().close();
  }

  @Test
  void aFreshSocketHasNobodyToReceiveFromSendToOrName() {
    RecordingDispatcher dispatcher = loopback.fresh("a");
    assertErrno(Errno.ENOTCONN, () -> dispatcher.socket().recv(1));
    assertErrno(Errno.EPIPE, () -> dispatcher.socket().send(new byte[1], 0, 1));
    assertErrno(Errno.ENOTCONN, () -> dispatcher.socket().getpeername());
    assertErrno(Errno.EINVAL, () -> dispatcher.accept());
    assertEquals(0, ((InetSocketAddress) dispatcher.socket().getsockname()).getPort());
    dispatcher.connect(loopback.door().address());
    loopback.until(dispatcher::connected, "connection");
  }

  @Test
  void aListeningSocketHasNobodyEither() {
    RecordingDispatcher listener = loopback.listener("l");
    InetSocketAddress address = Loopback.addressOf(listener);
    assertErrno(Errno.ENOTCONN, () -> listener.socket().recv(1));
    assertErrno(Errno.EPIPE, () -> listener.socket().send(new byte[1], 0, 1));
    assertErrno(Errno.ENOTCONN, () -> listener.socket().getpeername());
    assertEquals(Errno.EISCONN, listener.socket().connectEx(address));
    loopback.peer(address);
    loopback.untilCalled("l handleAccepted");
    listener.accepted().close();
  }

  @Test
  void connectingTwiceIsAlreadyThereOrUnderWay() {
    Loopback.Linked linked = loopback.link("a");
    linked.dispatcher().socket().connectEx(linked.peer().address()); // Linux may answer 0 once.
    assertEquals(Errno.EISCONN, linked.dispatcher().socket().connectEx(linked.peer().address()));
    assertEquals("echo", exchange(linked));

    RecordingDispatcher hasty = loopback.fresh("h").wants(false, true);
    InetSocketAddress address = loopback.door().address();
    Errno first = hasty.socket().connectEx(address);
    Errno second = hasty.socket().connectEx(address);
    assertTrue(first == Errno.EINPROGRESS || first == Errno.OK, first.toString());
    assertTrue(
        second == Errno.EALREADY || second == Errno.OK || second == Errno.EISCONN,
        second.toString());
    hasty.connect(address);
    loopback.until(hasty::connected, "connection");
  }

  @Test
  void shuttingDownTwiceIsFineAndWhatIsShutIsShut() {
    Loopback.Linked linked = loopback.link("a");
    linked.dispatcher().socket().shutdown(Shutdown.WR);
    linked.dispatcher().socket().shutdown(Shutdown.WR);
    assertErrno(Errno.EPIPE, () -> linked.dispatcher().socket().send(new byte[1], 0, 1));
    assertEquals("'' then closed", linked.peer().receiveAll().toString());
  }

  @Test
  void optionsAreSetReadBackAndRefusedWithoutHarm() {
    Loopback.Linked linked = loopback.link("a");
    var socket = linked.dispatcher().socket();
    assertEquals(true, socket.getsockopt(StandardSocketOptions.TCP_NODELAY), "Netty's default");
    socket.setsockopt(StandardSocketOptions.TCP_NODELAY, false);
    assertEquals(false, socket.getsockopt(StandardSocketOptions.TCP_NODELAY));
    socket.setsockopt(StandardSocketOptions.SO_KEEPALIVE, true);
    assertEquals(true, socket.getsockopt(StandardSocketOptions.SO_KEEPALIVE));
    socket.setsockopt(StandardSocketOptions.SO_SNDBUF, 100_000);
    assertTrue(socket.getsockopt(StandardSocketOptions.SO_SNDBUF) >= 100_000);
    assertErrno(
        Errno.ENOPROTOOPT, () -> socket.setsockopt(StandardSocketOptions.IP_MULTICAST_LOOP, true));
    assertErrno(
        Errno.ENOPROTOOPT, () -> socket.getsockopt(StandardSocketOptions.IP_MULTICAST_LOOP));
    assertThrows(
        NullPointerException.class,
        () -> socket.setsockopt(StandardSocketOptions.TCP_NODELAY, null));
    assertEquals("echo", exchange(linked));
  }

  @Test
  void aListenersOptionsAreThoseItWasGivenBefore() {
    RecordingDispatcher listener = loopback.fresh("l");
    assertEquals(false, listener.socket().getsockopt(StandardSocketOptions.SO_REUSEADDR));
    listener.setReuseAddr();
    assertEquals(true, listener.socket().getsockopt(StandardSocketOptions.SO_REUSEADDR));
    listener.socket().setsockopt(StandardSocketOptions.SO_RCVBUF, 50_000);
    int bufferSize = listener.socket().getsockopt(StandardSocketOptions.SO_RCVBUF);
    listener.bind(loopback.anyPort());
    listener.listen(1);
    assertEquals(true, listener.socket().getsockopt(StandardSocketOptions.SO_REUSEADDR));
    assertEquals(bufferSize, listener.socket().getsockopt(StandardSocketOptions.SO_RCVBUF));
  }

  private String exchange(Loopback.Linked linked) {
    linked.dispatcher().send(bytes("ec"));
    linked.peer().send("ho");
    linked.dispatcher().wants(true, false);
    loopback.untilCalled("a handleRead");
    return linked.peer().receive(2) + text(linked.dispatcher().recv(2));
  }

  private static void assertErrno(Errno errno, Runnable call) {
    assertEquals(errno, assertThrows(OsException.class, call::run).errno());
  }
}
