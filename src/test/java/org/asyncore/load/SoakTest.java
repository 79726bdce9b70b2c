package org.asyncore.load;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.asyncore.fixture.Wiring;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Mixed traffic for a time, half of it on each transport: {@code -Dload.seconds=600}, in an order
 * that {@code -Dload.seed} changes.
 */
class SoakTest {
  private static final long SECONDS = Long.getLong("load.seconds", 2);
  private static final long SEED = Long.getLong("load.seed", 1);
  private static final int STRETCHES = 5;
  private static final int AT_ONCE = 64;
  private static final long MOST_GROWTH = 8 << 20;
  private static final Duration LIMIT = Duration.ofSeconds(60).plusSeconds(SECONDS);

  private final Random random = new Random(SEED);

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  @Timeout(value = 25, unit = TimeUnit.MINUTES)
  void leavesMemoryAndDescriptorsFlat(Wiring wiring) throws Exception {
    Holdings.assumeDescriptors(2 * AT_ONCE);
    try (EchoServer server = new EchoServer(wiring)) {
      InetSocketAddress bytes = server.listen(Echo::new);
      InetSocketAddress lines = server.listen(LineEcho::new);
      stretch(server, bytes, lines);
      Holdings first = Holdings.now();
      report(wiring, server, first);
      for (int i = 1; i < STRETCHES; i++) {
        stretch(server, bytes, lines);
        server.awaitDescriptors(first);
        Holdings last = Holdings.now();
        report(wiring, server, last);
        last.assertGrewAtMost(MOST_GROWTH, first);
      }
    }
  }

  private static void report(Wiring wiring, EchoServer server, Holdings now) {
    System.out.printf("%s: after %d connections %s%n", wiring, server.endedCount(), now);
  }

  private void stretch(EchoServer server, InetSocketAddress bytes, InetSocketAddress lines)
      throws InterruptedException {
    Duration time = Duration.ofSeconds(SECONDS).dividedBy(2L * STRETCHES);
    try (Clients clients =
        Clients.start(AT_ONCE, new MixedTalks(new Random(random.nextLong()), time, bytes, lines))) {
      server.serve(clients, LIMIT);
    }
  }
}
