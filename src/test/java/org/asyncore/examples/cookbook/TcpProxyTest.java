package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.asyncore.fixture.Wiring;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TcpProxyTest {
  private static final String INET = "org.asyncore.fixture.Wiring#inet";

  private static InetSocketAddress proxy(Kitchen kitchen, int port) {
    InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return kitchen.serve(map -> new TcpProxy("127.0.0.1", 0, target, map));
  }

  @ParameterizedTest
  @MethodSource(INET)
  void aHalfCloseIsPassedOnAndTheAnswerComesBack(Wiring wiring) throws Exception {
    try (Kitchen kitchen = new Kitchen(wiring);
        ServerSocket door = Kitchen.door();
        Socket client = Kitchen.connect(proxy(kitchen, door.getLocalPort()))) {
      Kitchen.send(client, "question");
      client.shutdownOutput();
      try (Socket server = door.accept()) {
        assertEquals("question", new String(server.getInputStream().readAllBytes(), US_ASCII));
        Kitchen.send(server, "answer");
      }
      assertEquals("answer", new String(client.getInputStream().readAllBytes(), US_ASCII));
      kitchen.until(() -> kitchen.map().size() == 1, "both sides are gone");
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void aSlowReaderHoldsTheSenderBackAndGetsEveryByte(Wiring wiring) throws Exception {
    byte[] data = new byte[12 << 20];
    new Random(1).nextBytes(data);
    try (Kitchen kitchen = new Kitchen(wiring);
        ServerSocket door = Kitchen.door();
        Socket client = Kitchen.connect(proxy(kitchen, door.getLocalPort()));
        Socket server = door.accept()) {
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(
              () -> {
                try {
                  server.getOutputStream().write(data);
                  server.shutdownOutput();
                } catch (IOException failed) {
                  throw new java.io.UncheckedIOException(failed);
                }
              });
      kitchen.until(
          () -> kitchen.map().values().stream().anyMatch(d -> d.queuedBytes() > 256 << 10),
          "the proxy has more than the high mark");
      long most =
          kitchen.on(
              map -> map.values().stream().mapToLong(d -> d.queuedBytes()).max().orElseThrow());
      assertTrue(most <= (256 << 10) + 65536, "queued: " + most);
      assertArrayEquals(data, client.getInputStream().readAllBytes());
      Kitchen.within(sending);
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void aRefusedConnectEndsTheClientAndNothingElse(Wiring wiring) throws Exception {
    int nobody;
    try (ServerSocket door = Kitchen.door()) {
      nobody = door.getLocalPort();
    }
    try (Kitchen kitchen = new Kitchen(wiring)) {
      InetSocketAddress proxy = proxy(kitchen, nobody);
      for (int i = 0; i < 2; i++) {
        try (Socket client = Kitchen.connect(proxy)) {
          assertEquals(-1, client.getInputStream().read());
        }
      }
      kitchen.until(() -> kitchen.map().size() == 1, "both sides are gone");
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void aResetOfEitherSideEndsTheOther(Wiring wiring) throws Exception {
    try (Kitchen kitchen = new Kitchen(wiring);
        ServerSocket door = Kitchen.door()) {
      InetSocketAddress proxy = proxy(kitchen, door.getLocalPort());
      for (boolean clientResets : new boolean[] {true, false}) {
        try (Socket client = Kitchen.connect(proxy);
            Socket server = door.accept()) {
          Kitchen.send(client, "x");
          assertEquals('x', server.getInputStream().read());
          server.setSoTimeout(10_000);
          Kitchen.reset(clientResets ? client : server);
          assertEquals(-1, (clientResets ? server : client).getInputStream().read());
        }
      }
      kitchen.until(() -> kitchen.map().size() == 1, "all sides are gone");
    }
  }
}
