package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.Peer;
import org.asyncore.fixture.Warnings;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A map that a program forgets while its dispatchers are open. */
class DroppedMapTest {
  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#inet")
  void itsSocketsAreClosedWithAWarning(Wiring wiring) {
    wiring.assumeAvailable();
    try (Warnings warnings = new Warnings();
        Peer peer = served(wiring)) {
      assertEquals(
          "WARNING a map was dropped with open dispatchers, whose sockets are closed now: 2"
              + " (docs/lifecycle.md#a-map)",
          onlyLine(warnings));
      assertEquals("", peer.receiveAll().data());
    }
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void oneWithoutOpenDispatchersIsNotSpokenOf(Wiring wiring) {
    wiring.assumeAvailable();
    try (Warnings warnings = new Warnings()) {
      open(new SocketMap(wiring.transport())).close();
      open(new SocketMap(wiring.transport())); // Its warning shows that the collector was there.
      assertTrue(onlyLine(warnings).contains("closed now: 1 "));
    }
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void whoUsesItsTransportInAnotherMapGoesOn(Wiring wiring) {
    wiring.assumeAvailable();
    try (Warnings warnings = new Warnings()) {
      SocketMap other = otherMap(wiring);
      AsyncSocket socket = open(other).socket();
      onlyLine(warnings);
      assertTrue(socket.fileno() >= 0);
      assertFalse(other.isEmpty());
      socket.close();
      other.clear();
    }
  }

  /** A map on the transport of one that is dropped with an open dispatcher. */
  private static SocketMap otherMap(Wiring wiring) {
    SocketMap dropped = new SocketMap(wiring.transport());
    open(dropped);
    return new SocketMap(dropped.transport());
  }

  private static Dispatcher open(SocketMap map) {
    Dispatcher dispatcher = new Dispatcher(map);
    dispatcher.createSocket();
    return dispatcher;
  }

  /** A peer of a listener that has accepted it in passes of a map that nobody knows any more. */
  private static Peer served(Wiring wiring) {
    SocketMap map = new SocketMap(wiring.transport());
    Dispatcher listener =
        new Dispatcher(map) {
          @Override
          public void handleAccepted(AsyncSocket socket, SocketAddress address) {
            new Dispatcher(socket, map()).interest(Interest.EVERY_PASS);
          }
        };
    listener.createSocket(wiring.family());
    listener.bind(new InetSocketAddress(wiring.loopback(), 0));
    listener.listen(5);
    Peer peer = Peer.to(listener.socket().getsockname());
    Passes.until(map, wiring.usePoll(), () -> map.size() == 2, "connection", map);
    return peer;
  }

  private static String onlyLine(Warnings warnings) {
    for (int i = 0; warnings.lines().isEmpty(); i++) {
      assertTrue(i < 1000, "no warning after 1000 collections");
      System.gc();
      LockSupport.parkNanos(10_000_000);
    }
    List<String> lines = warnings.lines();
    assertEquals(1, lines.size(), lines::toString);
    return lines.get(0);
  }
}
