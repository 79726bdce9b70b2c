package org.asyncore.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import org.asyncore.Dispatcher;
import org.asyncore.examples.GuardedEcho;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Peer;
import org.asyncore.fixture.Printed;
import org.asyncore.fixture.Wiring;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The example of docs/security.md. */
class GuardedEchoTest {
  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#inet")
  void itEchoesAsOneWithoutGuards(Wiring wiring) {
    try (Loopback loopback = new Loopback(wiring);
        Printed printed = new Printed()) {
      Dispatcher server = new GuardedEcho("127.0.0.1", 0, loopback.map());
      AcceptLimits limits = AcceptLimits.of(server);
      Peer peer = loopback.peer((InetSocketAddress) server.socket().getsockname());
      peer.send("hello").endOutput();
      loopback.until(() -> limits.openConnections() == 1, "a connection");
      loopback.until(() -> limits.openConnections() == 0, "the end of it");
      assertEquals("'hello' then closed", peer.receiveAll().toString());
      assertEquals(1000, limits.maxConnections());
      assertEquals("", printed.out() + printed.err());
    }
  }
}
