package org.asyncore.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.asyncore.fixture.Wiring;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Thousands of connections on one loop that are there at once, and then all ask and are answered:
 * {@code -Dload.connections=10000}.
 */
class BusyConnectionsTest {
  private static final int CONNECTIONS = Integer.getInteger("load.connections", 1000);
  private static final long MOST_BYTES_EACH = 12 << 10;
  private static final long MOST_BYTES_BESIDE = 4 << 20;
  private static final Duration LIMIT = Duration.ofMinutes(4);

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void areAllAnswered(Wiring wiring) throws Exception {
    Holdings.assumeDescriptors(CONNECTIONS);
    try (EchoServer server = new EchoServer(wiring)) {
      int port = server.listen(Echo::new).getPort();
      Holdings before = Holdings.now();
      try (Crowd crowd = Crowd.talking(port, CONNECTIONS)) {
        server.until(() -> allAreHere(server) || !crowd.isAlive(), null, LIMIT, () -> "crowd");
        assertTrue(allAreHere(server), () -> "only " + server.map().size() + " came");
        Memory cost = Holdings.now().memory().minus(before.memory());
        long start = System.nanoTime();
        crowd.goOn();
        server.until(() -> !crowd.isAlive(), null, LIMIT, () -> "end of the crowd");
        assertEquals(0, crowd.exitStatus(), "what the crowd ended with; 1 for wrong answers");
        report(wiring, cost, System.nanoTime() - start);
        assertTrue(cost.total() <= MOST_BYTES_BESIDE + CONNECTIONS * MOST_BYTES_EACH);
      }
      server.until(() -> server.map().size() == 1, null, LIMIT, () -> "end of the connections");
      assertEquals(CONNECTIONS, server.endedCount(), "connections whose end was told");
      server.awaitDescriptors(before);
    }
  }

  private static boolean allAreHere(EchoServer server) {
    return server.map().size() == CONNECTIONS + 1;
  }

  private static void report(Wiring wiring, Memory cost, long nanos) {
    System.out.printf(
        "%s: %d connections at once, each %d bytes of heap and %d of direct memory; %d answers a"
            + " second%n",
        wiring,
        CONNECTIONS,
        cost.heap() / CONNECTIONS,
        cost.direct() / CONNECTIONS,
        CONNECTIONS * TalkingCrowd.QUESTIONS * 1_000_000_000L / nanos);
  }
}
