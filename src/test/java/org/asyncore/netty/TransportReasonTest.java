package org.asyncore.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Logged;
import org.asyncore.transport.Transport;
import org.junit.jupiter.api.Test;

/** Which transport serves, and why, can be asked, and is logged at DEBUG, which is FINE there. */
class TransportReasonTest {
  private static final Logger LOGGER = Logger.getLogger("org.asyncore"); // Held: the JDK does not.

  @Test
  void whoNamesOneGetsItForThatReason() {
    Transport transport = new SocketMap("nio").transport();
    assertEquals("nio", transport.name());
    assertEquals("it was asked for by name", transport.reason());
  }

  @Test
  void whoNamesNoneIsToldWhyItIsThisOne() {
    Transport transport = new SocketMap("auto").transport();
    String reason = transport.reason();
    boolean isEpoll = transport.name().equals("epoll");
    assertTrue(isEpoll ? reason.equals("epoll is available") : reason.startsWith("no epoll: "));
  }

  @Test
  void theReasonIsOneLineOfTheLog() {
    try (Logged logged = new Logged()) {
      LOGGER.setLevel(Level.FINE);
      Transport transport = new SocketMap("nio").transport();
      assertEquals(List.of("FINE: transport nio: " + transport.reason()), logged.lines());
    } finally {
      LOGGER.setLevel(null);
    }
  }
}
