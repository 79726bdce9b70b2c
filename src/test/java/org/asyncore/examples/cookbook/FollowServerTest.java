package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.asyncore.fixture.Wiring;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FollowServerTest {
  private static final String INET = "org.asyncore.fixture.Wiring#inet";

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource(INET)
  void whatIsAppendedFollowsUntilTheClientLeaves(Wiring wiring) throws Exception {
    Path file = Files.writeString(folder.resolve("log"), "one\n");
    FollowServer[] server = new FollowServer[1];
    try (Kitchen kitchen = new Kitchen(wiring)) {
      InetSocketAddress address =
          kitchen.serve(map -> server[0] = new FollowServer("127.0.0.1", 0, file, map));
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + "/")).build();
      HttpResponse<java.io.InputStream> answer =
          Kitchen.within(
              HttpClient.newHttpClient()
                  .sendAsync(request, HttpResponse.BodyHandlers.ofInputStream()));
      assertEquals(200, answer.statusCode());
      assertEquals("one\n", new String(answer.body().readNBytes(4), US_ASCII));
      Files.writeString(file, "two\n", StandardOpenOption.APPEND);
      assertEquals("two\n", new String(answer.body().readNBytes(4), US_ASCII));
      answer.body().close();
      kitchen.until(() -> server[0].following() == 0, "the file is closed");
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void badRequestsGetTheProtocolsErrorAndTheServerGoesOn(Wiring wiring) throws Exception {
    Path missing = folder.resolve("missing");
    try (Kitchen kitchen = new Kitchen(wiring)) {
      InetSocketAddress address =
          kitchen.serve(map -> new FollowServer("127.0.0.1", 0, missing, map));
      assertEquals("HTTP/1.1 404 Not Found", first(address, "GET / HTTP/1.1\r\n\r\n"));
      assertEquals("HTTP/1.1 405 Method Not Allowed", first(address, "PUT / HTTP/1.1\r\n\r\n"));
      Kitchen.reset(Kitchen.connect(address));
      String tooLong = "GET /" + "x".repeat(9_000);
      assertEquals("HTTP/1.1 431 Request Header Fields Too Large", first(address, tooLong));
      assertTrue(first(address, "GET / HTTP/1.1\r\n\r\n").contains("404"));
    }
  }

  private static String first(InetSocketAddress address, String request) throws Exception {
    try (Socket client = Kitchen.connect(address)) {
      Kitchen.send(client, request);
      BufferedReader in = Kitchen.reader(client);
      return in.readLine();
    }
  }
}
