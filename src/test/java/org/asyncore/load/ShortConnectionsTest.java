package org.asyncore.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.asyncore.fixture.Wiring;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Connections that come, have 64 bytes echoed, and go, 32 at a time on one loop: {@code
 * -Dload.shortConnections=200000}.
 */
class ShortConnectionsTest {
  private static final int CONNECTIONS = Integer.getInteger("load.shortConnections", 2000);
  private static final int WARM_UP = 1000;
  private static final int AT_ONCE = 32;
  private static final int BYTES = 64;
  private static final long MOST_GROWTH = 4 << 20;
  private static final Duration LIMIT = Duration.ofSeconds(60).plusMillis(2L * CONNECTIONS);

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void leaveNothingBehind(Wiring wiring) throws Exception {
    Holdings.assumeDescriptors(2 * AT_ONCE);
    try (EchoServer server = new EchoServer(wiring)) {
      InetSocketAddress address = server.listen(Echo::new);
      comeAndGo(server, address, WARM_UP);
      Holdings before = Holdings.now();
      long start = System.nanoTime();
      comeAndGo(server, address, CONNECTIONS);
      long perSecond = CONNECTIONS * 1_000_000_000L / (System.nanoTime() - start);
      server.awaitDescriptors(before);
      Holdings after = Holdings.now();
      System.out.printf(
          "%s: %d short connections, %d a second; before: %s; after: %s%n",
          wiring, CONNECTIONS, perSecond, before, after);
      assertEquals(WARM_UP + CONNECTIONS, server.endedCount(), "connections whose end was told");
      after.assertGrewAtMost(MOST_GROWTH, before);
    }
  }

  private static void comeAndGo(EchoServer server, InetSocketAddress address, int connections)
      throws InterruptedException {
    IntStream numbers = IntStream.range(0, connections);
    try (Clients clients =
        Clients.start(
            AT_ONCE, numbers.mapToObj(i -> new Talk(Plan.echo(address, i, BYTES))).iterator())) {
      server.serve(clients, LIMIT);
    }
  }
}
