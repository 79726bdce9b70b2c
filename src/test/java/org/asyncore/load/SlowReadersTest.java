package org.asyncore.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.asyncore.fixture.Wiring;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Peers that send 1 MiB each and read nothing for a while, beside one that asks and waits: {@code
 * -Dload.slowReaders=200}.
 */
class SlowReadersTest {
  private static final int PEERS = Integer.getInteger("load.slowReaders", 50);
  private static final long BYTES_EACH = 1 << 20;
  private static final int QUESTION = 64;
  private static final long QUESTIONS = 1000;

  /** What a peer may cost while it does not read: its dispatcher, and the bytes that wait. */
  private static final long MOST_BYTES_EACH = 96 << 10;

  private static final long MOST_BYTES_BESIDE = 4 << 20;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final AtomicBoolean read = new AtomicBoolean();

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void costLittleAndHoldUpNobody(Wiring wiring) throws Exception {
    Holdings.assumeDescriptors(2 * PEERS);
    try (EchoServer server = new EchoServer(wiring)) {
      InetSocketAddress address = server.listen(Echo::new);
      warmUp(server, address);
      Holdings before = Holdings.now();
      Talk asking = new Talk(Plan.echo(address, 0, Long.MAX_VALUE).window(QUESTION));
      try (Clients clients =
          Clients.start(PEERS + 1, Stream.concat(Stream.of(asking), slow(address)).iterator())) {
        server.until(() -> server.holdingCount() == PEERS, clients, LIMIT, () -> stalled(server));
        goesOn(server, clients, asking);
        costsLittle(wiring, Holdings.now(), before);
        read.set(true);
        server.until(
            () -> clients.gone() == PEERS, clients, LIMIT, () -> clients.gone() + " readers' end");
      }
      assertEquals(0, server.holdingCount(), "echoes that wait for a peer that has all");
      server.awaitDescriptors(before);
    }
  }

  private static String stalled(EchoServer server) {
    return PEERS + " echoes that wait for a peer, but " + server.holdingCount();
  }

  private Stream<Talk> slow(InetSocketAddress address) {
    return IntStream.range(0, PEERS)
        .mapToObj(i -> new Talk(Plan.echo(address, i, BYTES_EACH).readingWhen(read::get)));
  }

  private static void goesOn(EchoServer server, Clients clients, Talk asking)
      throws InterruptedException {
    long enough = asking.received() + QUESTIONS * QUESTION;
    server.until(
        () -> asking.received() >= enough && server.holdingCount() == PEERS,
        clients,
        LIMIT,
        () -> "answers beside " + stalled(server) + ", for " + asking);
  }

  private static void costsLittle(Wiring wiring, Holdings now, Holdings before) {
    Memory cost = now.memory().minus(before.memory());
    System.out.printf(
        "%s: %d peers that do not read, each %d bytes of heap and %d of direct memory%n",
        wiring, PEERS, cost.heap() / PEERS, cost.direct() / PEERS);
    long most = MOST_BYTES_BESIDE + PEERS * MOST_BYTES_EACH;
    assertTrue(cost.total() <= most, () -> PEERS + " peers cost " + cost);
  }

  /** So that what is made once is there before anything is measured. */
  private static void warmUp(EchoServer server, InetSocketAddress address)
      throws InterruptedException {
    Stream<Talk> few = Stream.of(new Talk(Plan.echo(address, 0, BYTES_EACH)));
    try (Clients clients = Clients.start(1, few.iterator())) {
      server.serve(clients, LIMIT);
    }
  }
}
