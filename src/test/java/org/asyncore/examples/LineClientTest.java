package org.asyncore.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.asyncore.fixture.Printed;
import org.asyncore.testkit.Door;
import org.asyncore.testkit.Peer;
import org.asyncore.testkit.TestLoop;
import org.junit.jupiter.api.Test;

/** The client that connects again, in memory and on virtual time. */
class LineClientTest {
  private static final InetSocketAddress SERVER =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 8007);

  @Test
  void aConnectionThatIsLostIsMadeAgainAfterHalfASecond() {
    try (TestLoop loop = new TestLoop();
        Printed printed = new Printed()) {
      loop.map().keepRunning(true);
      Door door = loop.listen(8007);
      LineClient client = new LineClient(SERVER, loop.map());
      door.expectPeer().send("one\n").close();
      loop.advance(Duration.ofMillis(500));
      Peer second = door.expectPeer();
      client.push("two\n".getBytes(US_ASCII));
      second.expect("two\n");
      assertEquals("connected\none\nconnected\n", printed.out());
    }
  }

  @Test
  void aServerThatIsNotThereIsAskedAgainEveryHalfSecond() {
    try (TestLoop loop = new TestLoop();
        Printed printed = new Printed()) {
      loop.map().keepRunning(true);
      new LineClient(SERVER, loop.map());
      loop.advance(Duration.ofSeconds(1));
      String refused = "[Errno 111] ECONNREFUSED: Connection refused\n";
      assertEquals(refused.repeat(3), printed.out());
      Door door = loop.listen(8007);
      door.expectPeer();
    }
  }

  @Test
  void whatWasPushedIsSentBeforeTheEnd() {
    try (TestLoop loop = new TestLoop();
        Printed printed = new Printed()) {
      Door door = loop.listen(8007);
      LineClient client = new LineClient(SERVER, loop.map());
      Peer server = door.expectPeer();
      loop.settle();
      client.push("last words\n".getBytes(US_ASCII));
      client.handleStop();
      server.expect("last words\n").expectEnd();
      assertEquals("connected\n", printed.out());
    }
  }
}
