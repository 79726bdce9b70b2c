package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.asyncore.fixture.Tool;
import org.asyncore.fixture.Wiring;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
class HttpFileServerTest {
  private static final String INET = "org.asyncore.fixture.Wiring#inet";
  private static final String TRANSPORTS = "org.asyncore.fixture.Wiring#transports";

  @TempDir private Path folder;
  private Path root;
  private final byte[] big = new byte[3 << 20];

  @BeforeEach
  void files() throws IOException {
    root = Files.createDirectory(folder.resolve("root"));
    new Random(1).nextBytes(big);
    Files.write(root.resolve("big"), big);
    Files.writeString(root.resolve("a b"), "spaced");
    Files.writeString(root.resolve("small"), "hello\n");
    Files.writeString(root.resolve("empty"), "");
    Files.writeString(folder.resolve("secret"), "secret");
    Files.createSymbolicLink(root.resolve("link"), folder.resolve("secret"));
  }

  private InetSocketAddress serve(Kitchen kitchen) {
    return kitchen.serve(
        map -> {
          try {
            return new HttpFileServer("127.0.0.1", 0, root, map);
          } catch (IOException failed) {
            throw new UncheckedIOException(failed);
          }
        });
  }

  /** What comes until the end. */
  private static String talk(InetSocketAddress server, String text) throws IOException {
    try (Socket client = Kitchen.connect(server)) {
      Kitchen.send(client, text);
      return new String(client.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  private static String line(String answer) {
    return answer.lines().findFirst().orElse("(nothing)");
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }

  private static String last(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void curlGetsAndPutsOverOneConnection(Wiring wiring) throws Exception {
    Tool.assumePresent("curl");
    try (Kitchen kitchen = new Kitchen(wiring)) {
      String url = "http://127.0.0.1:" + serve(kitchen).getPort() + "/";
      String[] curl = {"curl", "-sS", "--noproxy", "*", "-w", "%{http_code} %{num_connects} "};
      assertEquals("200 1 200 0 ", run(curl, url + "big", "-o", "one", url + "a%20b", "-o", "two"));
      assertArrayEquals(big, Files.readAllBytes(folder.resolve("one")));
      assertEquals("spaced", Files.readString(folder.resolve("two")));
      assertEquals("200 1 ", run(curl, "--head", "-o", "head", url + "big"));
      assertTrue(
          Files.readString(folder.resolve("head")).contains("Content-Length: " + big.length));
      assertEquals(
          "201 1 ", run(curl, "-o", "put", "-T", "two", "-H", "Expect: 100-continue", url + "new"));
      assertEquals("spaced", Files.readString(root.resolve("new")));
      assertEquals("413 1 ", run(curl, "-o", "put", "-T", "one", url + "new"));
      assertEquals("404 1 ", run(curl, "-o", "none", url + "none"));
    }
  }

  private String run(String[] command, String... more) throws Exception {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(more));
    return Tool.run(folder, all.toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void pythonsClientKeepsItsConnection(Wiring wiring) throws Exception {
    Tool.assumePresent("python3");
    String program =
        """
        import http.client, sys
        c = http.client.HTTPConnection('127.0.0.1', int(sys.argv[1]), timeout=20)
        for method, path in [('GET', '/small'), ('HEAD', '/big'), ('GET', '/none'), ('GET', '/small')]:
            c.request(method, path)
            r = c.getresponse()
            print(r.status, r.getheader('Content-Length'), len(r.read()))
        """;
    try (Kitchen kitchen = new Kitchen(wiring)) {
      String port = Integer.toString(serve(kitchen).getPort());
      assertEquals(
          "200 6 6\n200 3145728 0\n404 9 9\n200 6 6\n",
          Tool.run(folder, "python3", "-c", program, port));
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void requestsInARowAreAnsweredInTheirOrder(Wiring wiring) throws Exception {
    try (Kitchen kitchen = new Kitchen(wiring)) {
      InetSocketAddress server = serve(kitchen);
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < 300; i++) requests.append(get(i % 2 == 0 ? "/small" : "/none"));
      requests.append(last("/a%20b"));
      List<String> bodies =
          talk(server, requests.toString())
              .lines()
              .filter(line -> line.matches("hello|not here|spaced"))
              .toList();
      assertEquals(301, bodies.size());
      for (int i = 0; i < 300; i++) assertEquals(i % 2 == 0 ? "hello" : "not here", bodies.get(i));
      assertEquals("spaced", bodies.get(300));
      kitchen.until(() -> kitchen.map().size() == 1, "the client is gone");
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void badInputGetsItsErrorAndTheServerGoesOn(Wiring wiring) throws Exception {
    try (Kitchen kitchen = new Kitchen(wiring)) {
      InetSocketAddress server = serve(kitchen);
      String[][] cases = {
        {"400 Bad Request", "hello\r\n\r\n"},
        {"400 Bad Request", "GET / HTTP/2.0\r\n\r\n"},
        {"400 Bad Request", "GET / HTTP/1.1\r\nno field\r\n\r\n"},
        {"400 Bad Request", "GET / HTTP/1.1\r\nA: 1\r\nA: 2\r\n\r\n"},
        {"400 Bad Request", "GET / HTTP/1.1\r\nA : 1\r\n\r\n"},
        {"431 Request Header Fields Too Large", "GET / HTTP/1.1\r\nA: " + "x".repeat(500_000)},
        {"411 Length Required", "PUT /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc"},
        {"413 Content Too Large", "PUT /x HTTP/1.1\r\nContent-Length: 99999999\r\n\r\nabc"},
        {"413 Content Too Large", "PUT /x HTTP/1.1\r\nContent-Length: -1\r\n\r\nabc"},
        {"413 Content Too Large", "PUT /x HTTP/1.1\r\nContent-Length: 5000000000\r\n\r\nabc"},
        {"417 Expectation Failed", "PUT /x HTTP/1.1\r\nContent-Length: 3\r\nExpect: it\r\n\r\n"},
        {"405 Method Not Allowed", "POST / HTTP/1.0\r\n\r\n"},
        {"404 Not Found", last("/")},
        {"404 Not Found", last("/../secret")},
        {"404 Not Found", last("/%2e%2e/secret")},
        {"404 Not Found", last("/..%2fsecret")},
        {"404 Not Found", last("/link")},
        {"404 Not Found", last("/%zz")},
        {"404 Not Found", last("/%00")},
        {"404 Not Found", last("/small/x")},
        {"400 Bad Request", "PUT /../x HTTP/1.0\r\nContent-Length: 1\r\n\r\nx"},
        {"403 Forbidden", "PUT / HTTP/1.0\r\nContent-Length: 1\r\n\r\nx"},
        {"200 OK", last("/empty?query=%zz")}
      };
      for (String[] each : cases) {
        String answer = talk(server, each[1]);
        assertEquals("HTTP/1.1 " + each[0], line(answer), each[1]);
        assertFalse(answer.contains("secret"), each[1]);
      }
      assertTrue(talk(server, last("/small")).endsWith("hello\n"));
      kitchen.until(() -> kitchen.map().size() == 1, "all clients are gone");
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void whoVanishesAtAnyByteHarmsNobodyAndWhoEndsGetsHisAnswers(Wiring wiring) throws Exception {
    String whole = "PUT /put HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody" + last("/small");
    try (Kitchen kitchen = new Kitchen(wiring)) {
      InetSocketAddress server = serve(kitchen);
      for (int i = 0; i < whole.length(); i += 3) {
        try (Socket client = Kitchen.connect(server)) {
          Kitchen.send(client, whole.substring(0, i));
          Kitchen.reset(client);
        }
      }
      try (Socket client = Kitchen.connect(server)) {
        Kitchen.send(client, get("/big") + get("/small"));
        client.shutdownOutput();
        byte[] all = client.getInputStream().readAllBytes();
        assertTrue(new String(all, US_ASCII).endsWith("hello\n"));
        assertTrue(all.length > big.length);
      }
      kitchen.until(() -> kitchen.map().size() == 1, "all clients are gone");
    }
  }
}
