package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Tool;
import org.asyncore.fixture.Wiring;
import org.asyncore.testkit.Peer;
import org.asyncore.testkit.Schedules;
import org.asyncore.testkit.TestLoop;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ProxyProtocolTest {
  private static final String INET = "org.asyncore.fixture.Wiring#inet";
  private static final String V2 = "0d0a0d0a000d0a515549540a";

  @TempDir private Path folder;

  /** The old server: says who has connected, and echoes. */
  private static final class OldServer extends Dispatcher {
    OldServer(int port, SocketMap map) {
      super(map);
      createSocket();
      bind("127.0.0.1", port);
      listen(50);
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      new ProxyProtocol(socket, address, map(), this::handleClient);
    }

    private void handleClient(AsyncSocket socket, SocketAddress client) {
      new Session(socket, client, map());
    }
  }

  private static final class Session extends DispatcherWithSend {
    private final SocketAddress client;

    Session(AsyncSocket socket, SocketAddress client, SocketMap map) {
      super(socket, map);
      this.client = client;
    }

    /** As HTTP/0.9 does. */
    @Override
    public void handleRead() {
      byte[] request = recv(4096);
      if (request.length == 0) return;
      String host = ((InetSocketAddress) client).getAddress().getHostAddress();
      int port = ((InetSocketAddress) client).getPort();
      String line = new String(request, US_ASCII).lines().findFirst().orElse("");
      String body = host + " " + port + ": " + line + "\n";
      send(
          ("HTTP/1.0 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
              .getBytes(US_ASCII));
    }

    @Override
    public void handleClose() {
      close();
    }
  }

  private static final String ANSWER = "(?s)HTTP/1.0 200 OK\r\nContent-Length: \\d+\r\n\r\n";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PROXY TCP4 192.0.2.7 198.51.100.1 4711 80 | 192.0.2.7 4711",
        "PROXY TCP6 2001:db8::7 2001:db8::1 4711 80 | 2001:db8:0:0:0:0:0:7 4711",
        "PROXY UNKNOWN | 127.0.0.1",
        "PROXY UNKNOWN ffff::1 ffff::2 1 2 | 127.0.0.1",
      })
  void versionOneTellsTheClient(String header, String client) {
    accepted((header + "\r\n").getBytes(ISO_8859_1), client);
  }

  @ParameterizedTest
  @CsvSource({
    "21 11 000c c0000207 c6336401 1267 0050, 192.0.2.7 4711",
    "21 11 0013 c0000207 c6336401 1267 0050 04000401020304, 192.0.2.7 4711",
    "21 21 0024 20010db8000000000000000000000007 20010db8000000000000000000000001 1267 0050,"
        + " 2001:db8:0:0:0:0:0:7 4711",
    "20 00 0000, 127.0.0.1",
    "21 00 0000, 127.0.0.1",
    "21 11 0004 c0000207, 127.0.0.1"
  })
  void versionTwoTellsTheClient(String rest, String client) {
    accepted(HexFormat.of().parseHex(V2 + rest.replace(" ", "")), client);
  }

  /** In every order, and right behind it the request. */
  private static void accepted(byte[] header, String client) {
    Schedules.of(50)
        .run(
            schedule -> {
              TestLoop loop = schedule.loop();
              new OldServer(80, loop.map());
              Peer peer = loop.connect(80).send(header);
              loop.until(() -> loop.map().size() == 2, "the client");
              peer.send("GET / HTTP/1.0\r\n\r\n");
              loop.settle();
              String found = peer.received();
              assertTrue(found.matches(ANSWER + client + ".*\n"), found);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "GET / HTTP/1.0",
    "PROXY TCP4 nobody.example 198.51.100.1 4711 80",
    "PROXY TCP4 192.0.2.7 198.51.100.1 70000 80",
    "PROXY TCP4 192.0.2.7 198.51.100.1",
    "PROXY TCP4 192.0.2.7 198.51.100.1 xxxx 80"
  })
  void whatIsNoHeaderIsClosed(String line) {
    refused((line + "\r\n\r\n").getBytes(ISO_8859_1));
  }

  @Test
  void whatIsTooLongOrOfAnotherVersionIsClosed() {
    refused(("PROXY TCP4 " + "1".repeat(200)).getBytes(ISO_8859_1));
    refused(HexFormat.of().parseHex(V2 + "2111ffff"));
    refused(HexFormat.of().parseHex(V2 + "1111000c"));
  }

  private static void refused(byte[] header) {
    try (TestLoop loop = new TestLoop()) {
      new OldServer(80, loop.map());
      Peer peer = loop.connect(80).send(header);
      loop.until(() -> loop.map().size() == 1 && loop.calls().size() > 3, "the end of it");
      loop.connect(80).send("PROXY UNKNOWN\r\n").expectSilence(Duration.ofSeconds(1));
      peer.close();
    }
  }

  @Test
  void whoVanishesOrSaysNothingIsClosed() {
    try (TestLoop loop = new TestLoop()) {
      new OldServer(80, loop.map());
      loop.connect(80).send("PROXY TCP4 192").reset();
      loop.connect(80).send("PROXY TCP4 192").end().expectEnd();
      Peer silent = loop.connect(80).expectSilence(Duration.ofSeconds(4));
      loop.advance(Duration.ofSeconds(1));
      silent.expectEnd();
      assertEquals(1, loop.map().size());
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void curlIsHeard(Wiring wiring) throws Exception {
    Tool.assumePresent("curl");
    try (Kitchen kitchen = new Kitchen(wiring)) {
      InetSocketAddress address = kitchen.serve(map -> new OldServer(0, map));
      String url = "http://127.0.0.1:" + address.getPort() + "/hello";
      String printed = Tool.run(folder, "curl", "-s", "--noproxy", "*", "--haproxy-protocol", url);
      assertTrue(printed.matches("127.0.0.1 \\d+: GET /hello HTTP/1.1\n"), printed);
      try (Socket client = Kitchen.connect(address)) {
        client
            .getOutputStream()
            .write(HexFormat.of().parseHex(V2 + "2111000cc0000207c633640112670050"));
        Kitchen.send(client, "GET / HTTP/1.0\r\n\r\n");
        var in = Kitchen.reader(client);
        while (!in.readLine().isEmpty()) {
          // The head of the answer.
        }
        assertEquals("192.0.2.7 4711: GET / HTTP/1.0", in.readLine());
      }
    }
  }
}
