package org.asyncore.strangers;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.ssl.JdkSslContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.asyncore.faults.Census;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.Wiring;
import org.asyncore.load.Holdings;
import org.asyncore.migrate.Certificates;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * While strangers do to a server what peers can, honest clients get every byte, in time; memory and
 * descriptors stay flat. {@code -Dstrangers.seconds=1200} for the long way, half on each transport.
 */
class StrangersTest {
  private static final long SECONDS = Long.getLong("strangers.seconds", 4);
  private static final long SEED = Long.getLong("strangers.seed", 1);
  private static final Duration LATE = Duration.ofMillis(Long.getLong("strangers.late", 20_000));
  private static final List<Service> SERVING =
      List.copyOf(EnumSet.complementOf(EnumSet.of(Service.REFUSING)));
  private static final int HONEST = 50;
  private static final int STRANGERS = 8;
  private static final int STRETCHES = 4;

  /** A JVM that compiles is late; it is not what a limit is for. */
  private static final long WARM_UP_SECONDS = Long.getLong("strangers.warmUp", 0);

  private static final long MOST_GROWTH = 16 << 20;
  private static final long SLACK_SECONDS = 60;

  private final Random random = new Random(SEED);

  static Stream<Wiring> wirings() {
    return Wiring.transports();
  }

  @ParameterizedTest
  @MethodSource("wirings")
  @Timeout(value = 40, unit = TimeUnit.MINUTES)
  void honestClientsAreServed(Wiring wiring) throws Exception {
    wiring.assumeAvailable();
    Logger logger = Logger.getLogger("org.asyncore");
    logger.setLevel(Level.OFF); // What strangers break is logged, each time.
    try (House house = new House(wiring.transport(), wiring.usePoll())) {
      long nanos = TimeUnit.SECONDS.toNanos(SECONDS) / (2 * STRETCHES);
      if (WARM_UP_SECONDS > 0) stretch(wiring, house, TimeUnit.SECONDS.toNanos(WARM_UP_SECONDS));
      assertInTime(stretch(wiring, house, nanos));
      Holdings first = Holdings.now();
      for (int i = 1; i < STRETCHES; i++) {
        assertInTime(stretch(wiring, house, nanos));
        Other.await(() -> opened(first).isEmpty(), "end of the descriptors " + opened(first));
        Holdings.now().assertGrewAtMost(MOST_GROWTH, first);
      }
    } finally {
      logger.setLevel(null);
    }
  }

  private static Map<String, String> opened(Holdings before) {
    return Census.take().since(before.descriptors());
  }

  private static void assertInTime(HonestClient.Served served) {
    assertTrue(served.lateNanos() <= LATE.toNanos(), () -> "an echo came late: " + served);
  }

  private HonestClient.Served stretch(Wiring wiring, House house, long nanos) throws Exception {
    long end = System.nanoTime() + nanos;
    JdkSslContext tls = (JdkSslContext) Certificates.client().build();
    ExecutorService threads = Executors.newFixedThreadPool(HONEST + STRANGERS);
    try {
      List<Future<Integer>> deeds = new ArrayList<>();
      for (int i = 0; i < STRANGERS; i++) {
        deeds.add(threads.submit(new Stranger(house, tls, random.nextLong(), end)));
      }
      List<Future<HonestClient.Served>> served = new ArrayList<>();
      for (int i = 0; i < HONEST; i++) served.add(threads.submit(honest(house, i, tls, end)));
      HonestClient.Served all = new HonestClient.Served(0, 0, 0, SERVING.get(0));
      long limit = TimeUnit.NANOSECONDS.toSeconds(nanos) + SLACK_SECONDS;
      for (Future<HonestClient.Served> each : served) {
        all = all.and(each.get(limit, TimeUnit.SECONDS));
      }
      int done = 0;
      for (Future<Integer> each : deeds) done += each.get(SLACK_SECONDS, TimeUnit.SECONDS);
      if (house.failure() != null) throw new AssertionError("in a loop", house.failure());
      Other.await(house::isEmpty, "end of all connections, but " + house);
      report(wiring, done, all);
      return all;
    } finally {
      threads.shutdownNow();
    }
  }

  private static Callable<HonestClient.Served> honest(
      House house, int number, JdkSslContext tls, long end) {
    Service service = SERVING.get(number % SERVING.size());
    return new HonestClient(house, service, tls, SEED + number, end);
  }

  private static void report(Wiring wiring, int deeds, HonestClient.Served all) {
    System.out.printf("%s: %d deeds, %s, %s%n", wiring, deeds, all, Holdings.now());
  }
}
