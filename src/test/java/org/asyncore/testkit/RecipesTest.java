package org.asyncore.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.examples.ChatRoom;
import org.asyncore.limits.Timeouts;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.junit.jupiter.api.Test;

/** The recipes of docs/testing.md. */
class RecipesTest {
  /** Echoes, and closes who says nothing for five minutes. */
  private static final class PatientEcho extends DispatcherWithSend {
    PatientEcho(AsyncSocket socket, SocketMap map) {
      super(socket, map);
      Timeouts.of(this).idle(Duration.ofMinutes(5), late -> close());
    }

    @Override
    public void handleRead() {
      byte[] data = recv(8192);
      if (data.length > 0) send(data);
    }

    @Override
    public void handleClose() {
      close();
    }
  }

  @Test
  void whoSaysNothingForFiveMinutesIsClosed() {
    try (TestLoop loop = new TestLoop()) {
      Peer peer = loop.connected(socket -> new PatientEcho(socket, loop.map()));
      peer.expectSilence(Duration.ofMinutes(4)).send("still here").expect("still here");
      peer.expectSilence(Duration.ofMinutes(4));
      loop.advance(Duration.ofMinutes(1));
      peer.expectEnd();
    }
  }

  @Test
  void callsInTheirOrder() {
    try (TestLoop loop = new TestLoop()) {
      PatientEcho[] echo = new PatientEcho[1];
      Peer peer = loop.connected(socket -> echo[0] = new PatientEcho(socket, loop.map()));
      peer.send("hello").expect("hello").end().expectEnd();
      assertEquals(
          List.of("open", "handleRead", "recv 5", "send 5 of 5", "handleRead", "recv end", "close"),
          loop.calls(echo[0]));
    }
  }

  @Test
  void backPressure() {
    try (TestLoop loop = new TestLoop()) {
      loop.network().buffers(10, 10); // Bytes that a send buffer takes, and a receive buffer.
      PatientEcho[] echo = new PatientEcho[1];
      Peer slow = loop.connected(socket -> echo[0] = new PatientEcho(socket, loop.map()));
      slow.readsNothing().send("x".repeat(10)).send("y".repeat(10)).send("z".repeat(10));
      loop.settle();
      assertEquals(10, echo[0].outBufferSize()); // Ten are with the peer, ten on their way.
      slow.readsAll().expect("x".repeat(10) + "y".repeat(10) + "z".repeat(10));
    }
  }

  @Test
  void aPeerThatDies() {
    try (TestLoop loop = new TestLoop()) {
      new ChatRoom("127.0.0.1", 6667, loop.map());
      Peer ann = loop.connect(6667).expect("* guest1 is here\r\n");
      Peer bob = loop.connect(6667).expect("* guest2 is here\r\n");
      ann.expect("* guest2 is here\r\n");
      bob.reset();
      ann.expect("* guest2 has left\r\n");
    }
  }

  @Test
  void nothingButOneGuestDisturbed() {
    try (TestLoop loop = new TestLoop()) {
      ChatRoom room = new ChatRoom("127.0.0.1", 6667, loop.map());
      loop.fail(room, SocketCall.ACCEPT, Errno.ECONNABORTED);
      loop.settle();
      loop.connect(6667).expect("* guest1 is here\r\n");
    }
  }

  /** A dispatcher that talks to another one. */
  private static final class Caller extends DispatcherWithSend {
    private final StringBuilder heard = new StringBuilder();

    Caller(int port, SocketMap map) {
      super(map);
      createSocket();
      connect("127.0.0.1", port);
      send("hello\n".getBytes(US_ASCII));
    }

    @Override
    public void handleConnect() {
      // What is to be said is in the buffer.
    }

    @Override
    public void handleRead() {
      heard.append(new String(recv(8192), US_ASCII));
    }
  }

  @Test
  void twoDispatchersThatTalk() {
    try (TestLoop loop = new TestLoop()) {
      new ChatRoom("127.0.0.1", 6667, loop.map());
      Caller caller = new Caller(6667, loop.map());
      loop.until(() -> caller.heard.indexOf("guest1: hello") >= 0, "its own words");
    }
  }

  @Test
  void aServerInTheTestsHand() {
    try (TestLoop loop = new TestLoop()) {
      Door door = loop.listen(25);
      Caller caller = new Caller(25, loop.map());
      Peer server = door.expectPeer();
      server.expect("hello\n").send("250 ok\r\n");
      loop.until(() -> caller.heard.indexOf("250 ok") >= 0, "an answer");
    }
  }

  /** Notes what its terminators have cut. */
  private static final class Lines extends AsyncChat {
    private final List<String> lines;

    Lines(AsyncSocket socket, SocketMap map, List<String> lines) {
      super(socket, map);
      this.lines = lines;
      setTerminator("\r\n".getBytes(US_ASCII));
    }

    @Override
    public void collectIncomingData(byte[] data) {
      appendIncomingData(data);
    }

    @Override
    public void foundTerminator() {
      lines.add(new String(takeIncomingData(), US_ASCII));
    }
  }

  @Test
  void terminatorsAcrossPieces() {
    for (int size = 1; size < 8; size++) {
      try (TestLoop loop = new TestLoop()) {
        List<String> lines = new ArrayList<>();
        Peer peer = loop.connected(socket -> new Lines(socket, loop.map(), lines));
        peer.inPieces(size).send("one\r\ntwo\r\n");
        loop.until(() -> lines.size() == 2, "two lines");
        assertEquals(List.of("one", "two"), lines);
      }
    }
  }

  @Test
  void inEveryOrder() {
    Schedules.of(200)
        .run(
            schedule -> {
              TestLoop loop = schedule.loop();
              new ChatRoom("127.0.0.1", 6667, loop.map());
              Peer ann = loop.connect(6667).send("one\ntwo\n");
              ann.expect(Pattern.compile("(?s).*: one\r\n.*: two\r\n"));
            });
  }

  @Test
  void poll() {
    try (TestLoop loop = new TestLoop().usePoll(true)) {
      Peer peer = loop.connected(socket -> new PatientEcho(socket, loop.map()));
      peer.send("hello").expect("hello").reset();
      loop.settle();
      assertTrue(loop.map().isEmpty());
    }
  }
}
