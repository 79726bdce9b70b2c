package org.asyncore.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.asyncore.SocketMap;
import org.asyncore.examples.migrating.ChatLadder;
import org.asyncore.examples.migrating.WatchedRoom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One session of three guests, against the room of each rung: byte for byte the same. */
class ChatLadderIT {
  /** What each guest hears from coming to leaving. */
  static final Map<String, String> HEARD = new LinkedHashMap<>();

  static {
    HEARD.put(
        "ann",
        crlf(
            "* guest1 is here",
            "* guest2 is here",
            "* guest1 is now Ann",
            "* guest3 is here",
            "guest2: hello",
            "guest2: one",
            "guest2: two",
            "Ann: a long line: " + "x".repeat(3000),
            "Ann, guest2, guest3",
            "* guest2 has left",
            "guest3: \u00e4\u00f6\u00fc",
            "* guest3 has left",
            "bye"));
    HEARD.put(
        "bob",
        crlf(
            "* guest2 is here",
            "* guest1 is now Ann",
            "* guest3 is here",
            "guest2: hello",
            "guest2: one",
            "guest2: two",
            "Ann: a long line: " + "x".repeat(3000),
            "bye"));
    HEARD.put(
        "cid",
        crlf(
            "* guest3 is here",
            "guest2: hello",
            "guest2: one",
            "guest2: two",
            "Ann: a long line: " + "x".repeat(3000),
            "* guest2 has left",
            "guest3: \u00e4\u00f6\u00fc"));
  }

  static List<Arguments> rungs() {
    List<Arguments> rungs = new ArrayList<>();
    for (ChatLadder.Rung rung : ChatLadder.Rung.values()) {
      for (String transport : List.of("epoll", "nio")) rungs.add(Arguments.of(rung, transport));
    }
    return rungs;
  }

  @ParameterizedTest
  @MethodSource("rungs")
  void itsGuestsNoticeNothing(ChatLadder.Rung rung, String transport) throws Exception {
    assumeTrue(transport.equals("nio") || Epoll.isAvailable(), "epoll is not available here");
    ChatLadder room = ChatLadder.open(rung, transport, 0);
    try {
      assertEquals(HEARD, session(room.port()));
    } finally {
      room.stop();
    }
  }

  @Test
  void pythonsRoomSaysTheSame() throws Exception {
    Optional<String> python = Child.pythonWithAsyncore();
    assumeTrue(python.isPresent(), "no Python that has asyncore (3.11 or older)");
    int free = freePort();
    try (Child room = Child.python(python.get(), "chat_room.py", "" + free)) {
      assertEquals(HEARD, session(free), room::toString);
    }
  }

  @Test
  void aGuestWhoIsSilentTooLongIsShownOut() throws IOException {
    Duration patience = Duration.ofMillis(100);
    WatchedRoom room = new WatchedRoom("127.0.0.1", 0, new SocketMap(), patience);
    try (Serving serving = new Serving(room);
        LinePeer guest = new LinePeer(serving.port())) {
      assertEquals("* guest1 is here\r\n", guest.readAll());
    }
  }

  /** Each step waits for what it leads to, so that there is one order. */
  private static Map<String, String> session(int port) throws IOException {
    return session(port, LinePeer.patiently(port));
  }

  /** As {@link #session(int)}; the first guest is at the door already. */
  static Map<String, String> session(int port, LinePeer first) throws IOException {
    Map<String, String> heard = new LinkedHashMap<>();
    StringBuilder ann = new StringBuilder();
    StringBuilder bob = new StringBuilder();
    StringBuilder cid = new StringBuilder();
    try (LinePeer a = first) {
      ann.append(a.readUntil("guest1 is here\r\n"));
      LinePeer c;
      try (LinePeer b = new LinePeer(port)) {
        bob.append(b.readUntil("guest2 is here\r\n"));
        a.trickle("/name Ann\r\n");
        bob.append(b.readUntil("is now Ann\r\n"));
        c = new LinePeer(port);
        cid.append(c.readUntil("guest3 is here\r\n"));
        b.send("hello\none\ntwo\n\n  \n");
        cid.append(c.readUntil("two\r\n"));
        a.send("a long line: " + "x".repeat(3000) + "\n/who\n");
        ann.append(a.readUntil("Ann, guest2, guest3\r\n"));
        bob.append(b.readUntil("xxx\r\n"));
        b.send("/quit\nnot said\n");
        bob.append(b.readAll());
      }
      try (LinePeer leaving = c) {
        cid.append(leaving.readUntil("guest2 has left\r\n"));
        leaving.send("\u00c3\u00a4\u00c3\u00b6\u00c3\u00bc\n"); // UTF-8, a character a byte.
        cid.append(leaving.readUntil("guest3: \u00c3\u00a4\u00c3\u00b6\u00c3\u00bc\r\n"));
      }
      ann.append(a.readUntil("guest3 has left\r\n"));
      a.send("/quit\n");
      ann.append(a.readAll());
    }
    heard.put("ann", utf8(ann));
    heard.put("bob", utf8(bob));
    heard.put("cid", utf8(cid));
    return heard;
  }

  private static String utf8(StringBuilder bytes) {
    return new String(bytes.toString().getBytes(ISO_8859_1), UTF_8);
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static String crlf(String... lines) {
    return String.join("\r\n", lines) + "\r\n";
  }
}
