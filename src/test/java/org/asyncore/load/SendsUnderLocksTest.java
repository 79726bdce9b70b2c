package org.asyncore.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.asyncore.Asyncore;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.Wiring;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Programs whose threads send under locks that callbacks and predicates take: nobody waits for
 * ever, every byte is right. {@code -Dload.lockRuns=20} runs each so often, with {@code
 * -Dload.lockPeers=300}.
 */
class SendsUnderLocksTest {
  private static final int RUNS = Integer.getInteger("load.lockRuns", 1);
  private static final int PEERS = Integer.getInteger("load.lockPeers", 100);
  private static final int WORKERS = 4;
  private static final int LONGEST = 60_000;
  private static final int MESSAGES = 12;
  private static final int LONGEST_MESSAGE = 6000;
  private static final int RESET_EVERY = 5;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#inet")
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void workersOfAServerSendThemselves(Wiring wiring) throws Exception {
    Holdings.assumeDescriptors(2 * PEERS);
    for (int run = 0; run < RUNS; run++) {
      ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
      try (EchoServer server = new EchoServer(wiring)) {
        InetSocketAddress address =
            server.listen((of, socket) -> new WorkingChannel(of, socket, workers));
        Random random = new Random(run);
        try (Clients clients =
            Clients.start(
                PEERS,
                IntStream.range(0, PEERS)
                    .mapToObj(i -> new Talk(plan(random, address)))
                    .iterator())) {
          server.serve(clients, LIMIT);
        }
        assertEquals(PEERS, server.endedCount(), "connections whose end was told");
      } finally {
        workers.shutdownNow();
      }
    }
  }

  private static Plan plan(Random random, InetSocketAddress address) {
    Plan plan =
        Plan.echo(address, random.nextInt(Text.PERIOD), 1 + random.nextInt(LONGEST))
            .window(1 + random.nextInt(LONGEST));
    return random.nextInt(RESET_EVERY) == 0 ? plan.end(Plan.End.RESET) : plan;
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#inet")
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void threadsOfATestSendBesideTheNetworksThread(Wiring wiring) throws Exception {
    wiring.assumeAvailable();
    Holdings.assumeDescriptors(2 * PEERS);
    for (int run = 0; run < RUNS; run++) {
      try (Mirror mirror = new Mirror(RESET_EVERY, PEERS)) {
        talk(wiring, mirror, run);
      }
    }
  }

  private static void talk(Wiring wiring, Mirror mirror, int run) throws Exception {
    SocketMap map = new SocketMap(wiring.transport());
    List<TestNode> nodes = new ArrayList<>();
    for (int i = 0; i < PEERS; i++) nodes.add(new TestNode(map, mirror.address(), 61L * i));
    Other<Void> network =
        Other.thread(
            "network",
            () -> {
              while (!map.isEmpty()) Asyncore.loop(0.1, wiring.usePoll(), map, 1);
              return null;
            });
    List<Other<Void>> tests = new ArrayList<>();
    for (int i = 0; i < WORKERS; i++) tests.add(sending(nodes, i, run));
    for (Other<Void> each : tests) each.result();
    long start = System.nanoTime();
    while (!nodes.stream().allMatch(TestNode::isDone)) {
      if (System.nanoTime() - start > LIMIT.toNanos()) throw new AssertionError("no end: " + nodes);
      Thread.onSpinWait();
    }
    for (TestNode each : nodes) assertEquals(null, each.fault());
    long open = nodes.stream().filter(TestNode::isOpen).count();
    assertEquals(PEERS - PEERS / RESET_EVERY, open, "connections that nobody has reset");
    map.execute(() -> nodes.forEach(TestNode::handleClose));
    network.result();
  }

  private static Other<Void> sending(List<TestNode> nodes, int which, int run) {
    Random random = new Random(WORKERS * (long) run + which);
    return Other.thread(
        "test " + which,
        () -> {
          for (int i = 0; i < MESSAGES; i++) {
            for (int k = which; k < nodes.size(); k += WORKERS) {
              nodes.get(k).sendMessage(1000 + random.nextInt(LONGEST_MESSAGE));
            }
          }
          return null;
        });
  }
}
