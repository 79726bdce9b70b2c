package org.asyncore.examples.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.BufferedReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.asyncore.fixture.Wiring;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WorkerServerTest {
  private static final String INET = "org.asyncore.fixture.Wiring#inet";

  private final ExecutorService workers = Executors.newFixedThreadPool(4);

  @AfterEach
  void stop() {
    workers.shutdownNow();
  }

  private InetSocketAddress serve(Kitchen kitchen) {
    return kitchen.serve(map -> new WorkerServer("127.0.0.1", 0, workers, map));
  }

  private static void expect(BufferedReader in, int lines) throws Exception {
    for (int line = 1; line <= lines; line++) {
      assertEquals("line " + line + " of " + lines, in.readLine());
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void answersComeWholeAndInTheOrderOfTheRequests(Wiring wiring) throws Exception {
    try (Kitchen kitchen = new Kitchen(wiring);
        Socket client = Kitchen.connect(serve(kitchen))) {
      BufferedReader in = Kitchen.reader(client);
      Kitchen.send(client, "3\n20000\nnonsense\n0\n1\n");
      expect(in, 3);
      expect(in, 20_000);
      assertEquals("error: not a number", in.readLine());
      expect(in, 1);
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void aLineThatIsTooLongIsToldAndEndsThisConnectionOnly(Wiring wiring) throws Exception {
    try (Kitchen kitchen = new Kitchen(wiring)) {
      InetSocketAddress server = serve(kitchen);
      try (Socket other = Kitchen.connect(server);
          Socket client = Kitchen.connect(server)) {
        Kitchen.send(client, "9".repeat(WorkerServer.LINE_LIMIT + 1));
        BufferedReader in = Kitchen.reader(client);
        assertEquals("error: line too long", in.readLine());
        assertNull(in.readLine());
        Kitchen.send(other, "1\n");
        expect(Kitchen.reader(other), 1);
      }
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void clientsThatVanishWhileWorkersWriteSetTheWorkersFree(Wiring wiring) throws Exception {
    try (Kitchen kitchen = new Kitchen(wiring)) {
      InetSocketAddress server = serve(kitchen);
      for (int i = 0; i < 8; i++) { // Twice as many as there are workers.
        Socket vanishing = Kitchen.connect(server);
        Kitchen.send(vanishing, "1000000\n");
        vanishing.getInputStream().read();
        Kitchen.reset(vanishing);
      }
      try (Socket client = Kitchen.connect(server)) {
        Kitchen.send(client, "2\n");
        expect(Kitchen.reader(client), 2);
      }
      kitchen.until(() -> kitchen.map().size() <= 2, "the vanished are gone");
    }
  }
}
