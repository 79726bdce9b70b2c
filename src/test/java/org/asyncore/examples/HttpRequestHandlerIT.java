package org.asyncore.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Tool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpRequestHandlerIT {
  @Test
  void requestsFollowEachOtherOnOneConnectionHoweverTheyAreCut() throws IOException {
    String requests =
        String.join(
            "\r\n",
            "POST /one HTTP/1.1",
            "Content-Length: 5",
            "",
            "helloGET /two HTTP/1.1",
            "",
            "PUT /three HTTP/1.1",
            "content-length: 4",
            "Connection: close",
            "",
            "last");
    try (Serving server = open();
        LinePeer atOnce = new LinePeer(server.port());
        LinePeer inBytes = new LinePeer(server.port())) {
      String replies = atOnce.send(requests).readAll();
      assertEquals(replies, inBytes.trickle(requests).readAll());
      assertEquals(
          "POST /one, 5 bytes\nhelloGET /two, 0 bytes\nPUT /three, 4 bytes\nlast",
          replies.replaceAll("HTTP/1.1 200 OK\r\n(?:[^\r]+\r\n)+\r\n", ""));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, nonsense",
    "400, GET / HTTP/2.0",
    "400, POST / HTTP/1.1|Content-Length: -1",
    "400, POST / HTTP/1.1|Content-Length: 1|Content-Length: 2",
    "400, GET / HTTP/1.1| folded: line",
    "400, GET / HTTP/1.1|no colon",
    "413, POST / HTTP/1.1|Content-Length: 99999999999",
    "501, POST / HTTP/1.1|Transfer-Encoding: chunked"
  })
  void whatItDoesNotUnderstandIsRefusedAndEndsTheConnection(String status, String header)
      throws IOException {
    try (Serving server = open();
        LinePeer peer = new LinePeer(server.port())) {
      String reply = peer.send(header.replace("|", "\r\n") + "\r\n\r\n").readAll();
      assertTrue(reply.startsWith("HTTP/1.1 " + status), reply);
    }
  }

  @Test
  void aHeaderWithoutEndIsRefused() throws IOException {
    try (Serving server = open();
        LinePeer peer = new LinePeer(server.port())) {
      String reply = peer.send("GET / HTTP/1.1\r\nX: " + "x".repeat(8192)).readUntil("\r\n");
      assertEquals("HTTP/1.1 431 Request Header Fields Too Large\r\n", reply);
    }
  }

  @Test
  void javasClientIsServed() throws IOException, InterruptedException {
    String body = "0123456789".repeat(50_000);
    try (Serving server = open()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/upload"))
              .version(HttpClient.Version.HTTP_1_1)
              .timeout(Duration.ofSeconds(20))
              .POST(BodyPublishers.ofString(body))
              .build();
      HttpResponse<String> response =
          HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
      assertEquals(200, response.statusCode());
      assertTrue(response.body().equals("POST /upload, 500000 bytes\n" + body));
    }
  }

  @Test
  void curlIsServed(@TempDir Path folder) throws IOException, InterruptedException {
    Tool.assumePresent("curl");
    Path file = folder.resolve("body");
    Files.writeString(file, "x".repeat(200_000));
    try (Serving server = open()) {
      String url = "http://127.0.0.1:" + server.port();
      String printed =
          Tool.run(
              folder,
              "curl",
              "--silent",
              "--show-error",
              "--max-time",
              "30",
              "--header",
              "Expect: 100-continue",
              "--upload-file",
              "body",
              url + "/file",
              "--next",
              "--head",
              "--silent",
              url + "/head");
      assertTrue(printed.startsWith("PUT /file, 200000 bytes\n"), printed.substring(0, 100));
      assertTrue(printed.contains("HTTP/1.1 200 OK"), "no reply to HEAD");
    }
  }

  private static Serving open() {
    return new Serving(new HttpRequestHandler.Server("127.0.0.1", 0, new SocketMap()));
  }
}
