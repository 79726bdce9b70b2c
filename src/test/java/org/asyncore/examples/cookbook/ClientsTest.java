package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Wiring;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of {@link PeersClient} and {@link ReconnectingClient}. */
class ClientsTest {
  private static final String INET = "org.asyncore.fixture.Wiring#inet";
  private static final String TRANSPORTS = "org.asyncore.fixture.Wiring#transports";

  private static InetSocketAddress addressOf(ServerSocket door) {
    return new InetSocketAddress(door.getInetAddress(), door.getLocalPort());
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void manyThreadsTalkToManyPeers(Wiring wiring) throws Exception {
    wiring.assumeAvailable();
    int peers = Integer.getInteger("cookbook.clients", 5);
    try (Kitchen servers = new Kitchen(wiring);
        PeersClient client = new PeersClient("peers", new SocketMap(wiring.transport()))) {
      var threads = Executors.newFixedThreadPool(4);
      InetSocketAddress server =
          servers.serve(map -> new WorkerServer("127.0.0.1", 0, threads, map));
      List<CompletableFuture<String>> answers = new ArrayList<>();
      for (int i = 0; i < peers; i++) {
        PeersClient.Peer peer = client.connect(server);
        for (int k = 0; k < 4; k++) {
          answers.add(
              CompletableFuture.supplyAsync(() -> peer.ask("1"), threads)
                  .thenCompose(answer -> answer));
        }
      }
      for (CompletableFuture<String> each : answers) {
        assertEquals("line 1 of 1", Kitchen.within(each));
      }
      threads.shutdown();
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void whatAPeerOwesFailsWhenTheConnectionEnds(Wiring wiring) throws Exception {
    wiring.assumeAvailable();
    try (ServerSocket door = Kitchen.door();
        PeersClient client = new PeersClient("peers", new SocketMap(wiring.transport()))) {
      PeersClient.Peer peer = client.connect(addressOf(door));
      CompletableFuture<String> answer = peer.ask("hello");
      try (Socket server = door.accept()) {
        assertEquals("hello", Kitchen.reader(server).readLine());
        peer.disconnect();
        failure(answer);
        failure(peer.ask("again"));
        assertEquals(-1, server.getInputStream().read());
      }
      failure(client.connect(nobody()).ask("nobody"));
    }
  }

  private static InetSocketAddress nobody() throws IOException {
    try (ServerSocket door = Kitchen.door()) {
      return addressOf(door);
    }
  }

  private static void failure(CompletableFuture<String> answer) {
    assertThrows(ExecutionException.class, () -> answer.get(20, TimeUnit.SECONDS));
  }

  @ParameterizedTest
  @MethodSource(INET)
  void itConnectsAgainAndGivesUpWhatIsOld(Wiring wiring) throws Exception {
    try (Kitchen kitchen = new Kitchen(wiring)) {
      ServerSocket door = Kitchen.door();
      InetSocketAddress address = addressOf(door);
      ReconnectingClient client =
          kitchen.on(
              map -> new ReconnectingClient(address, Duration.ofSeconds(20), new Random(1), map));
      try (Socket first = door.accept()) {
        deliver(kitchen, client, "one\n");
        assertEquals("one", Kitchen.reader(first).readLine());
        door.close();
        Kitchen.reset(first);
      }
      kitchen.until(() -> !client.connected(), "the end is noticed");
      deliver(kitchen, client, "two\n");
      try (ServerSocket again = new ServerSocket()) {
        again.setReuseAddress(true);
        again.bind(address);
        again.setSoTimeout(20_000);
        try (Socket second = again.accept()) {
          second.setSoTimeout(20_000);
          BufferedReader in = Kitchen.reader(second);
          assertEquals("two", in.readLine());
          deliver(kitchen, client, "three\n");
          assertEquals("three", in.readLine());
        }
      }
      assertEquals(0, client.givenUp());
      kitchen.on(map -> closed(client));
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void whatWaitedTooLongIsGivenUp(Wiring wiring) throws Exception {
    try (Kitchen kitchen = new Kitchen(wiring);
        ServerSocket door = Kitchen.door()) {
      ReconnectingClient client =
          kitchen.on(
              map -> {
                ReconnectingClient made =
                    new ReconnectingClient(addressOf(door), Duration.ZERO, new Random(1), map);
                made.deliver("old\n".getBytes(US_ASCII));
                return made;
              });
      try (Socket peer = door.accept()) {
        kitchen.until(() -> client.givenUp() == 1, "it is given up");
        assertTrue(client.connected());
        kitchen.on(map -> closed(client));
        peer.setSoTimeout(10_000);
        assertEquals(-1, peer.getInputStream().read());
      }
    }
  }

  private static boolean closed(ReconnectingClient client) {
    client.close();
    return true;
  }

  private static void deliver(Kitchen kitchen, ReconnectingClient client, String text) {
    kitchen.on(
        map -> {
          client.deliver(text.getBytes(US_ASCII));
          return true;
        });
  }
}
