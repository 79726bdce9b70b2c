package org.asyncore.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.asyncore.fixture.Printed;
import org.asyncore.testkit.Peer;
import org.asyncore.testkit.TestLoop;
import org.junit.jupiter.api.Test;

/** The HTTP client, which names no map. */
class HttpClientTest {
  @Test
  void theReplyIsPrintedHoweverItIsCut() {
    try (TestLoop loop = new TestLoop().asDefault();
        Printed printed = new Printed()) {
      var door = loop.listen(80);
      new HttpClient("127.0.0.1", 80, "/page");
      Peer server = door.expectPeer();
      server.expect("GET /page HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n").inPieces(7);
      server.send("HTTP/1.0 200 OK\r\n\r\nhello").end();
      loop.run();
      assertEquals("HTTP/1.0 200 OK\r\n\r\nhello", printed.out());
    }
  }

  @Test
  void aRequestIsSentAsThereIsRoom() {
    try (TestLoop loop = new TestLoop().asDefault();
        Printed printed = new Printed()) {
      loop.network().buffers(5, 5);
      var door = loop.listen(80);
      new HttpClient("127.0.0.1", 80, "/page");
      door.expectPeer().expect("GET /page HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n").reset();
      loop.run();
      assertEquals("", printed.out());
    }
  }
}
