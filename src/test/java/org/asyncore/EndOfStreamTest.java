package org.asyncore;

import static org.asyncore.fixture.Ascii.bytes;
import static org.asyncore.fixture.Ascii.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.Peer;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Shutdown;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Ends of streams, half closed ones, and connections that are reset, from either side. */
@ParameterizedClass
@MethodSource("org.asyncore.fixture.Wiring#all")
class EndOfStreamTest {
  private final Wiring wiring;
  private final Loopback loopback;
  private final List<String> calls;
  private final RecordingDispatcher dispatcher;
  private final Peer peer;

  EndOfStreamTest(Wiring wiring) {
    this.wiring = wiring;
    loopback = new Loopback(wiring);
    calls = loopback.calls();
    Loopback.Linked linked = loopback.link("a");
    dispatcher = linked.dispatcher().wants(true, false);
    peer = linked.peer();
  }

  @AfterEach
  void close() {
    loopback.close();
  }

  @Test
  void theEndIsFoundByRecvWhichClosesBeforeItReturnsNothing() {
    dispatcher.on("handleRead", d -> calls.add("recv " + text(d.recv(100))));
    peer.send("bye").close();
    loopback.untilCalled("a handleClose");
    assertEquals(
        List.of("a handleRead", "recv bye", "a handleRead", "a handleClose", "recv "),
        // Poll tells of no hang-up: our direction is still open.
        calls);
    assertTrue(loopback.map().isEmpty());
    assertFalse(dispatcher.connected());
  }

  @Test
  void anEndThatIsNotReadIsReportedAgain() {
    peer.endOutput();
    loopback.untilCalled("a handleRead");
    loopback.pass();
    loopback.pass();
    assertEquals(List.of("a handleRead", "a handleRead", "a handleRead"), calls);
  }

  @Test
  void afterThePeersHalfCloseThereIsAReply() {
    dispatcher
        .on("handleRead", d -> calls.add(text(d.recv(100))))
        .on(
            "handleClose",
            d -> {
              calls.add("send " + d.send(bytes("pong")));
              d.close();
            });
    peer.send("ping").endOutput();
    loopback.loop();
    assertEquals(
        List.of("a handleRead", "ping", "a handleRead", "a handleClose", "send 4", ""), calls);
    assertEquals("'pong' then closed", peer.receiveAll().toString());
  }

  @Test
  void aPeerThatHalfClosedGetsALargeReplyWhole() {
    byte[] reply = new byte[20_000_000];
    int[] sent = new int[1];
    dispatcher
        .on("handleRead", d -> d.recv(100))
        .on("handleClose", d -> d.wants(false, true)) // The reply first; reading is over.
        .on(
            "handleWrite",
            d -> {
              sent[0] += d.send(reply, sent[0], reply.length - sent[0]);
              d.wants(false, sent[0] < reply.length);
              if (sent[0] == reply.length) d.close();
            });
    peer.send("request").endOutput();
    Other<Peer.Received> reader = Other.thread("reader", peer::receiveAll);
    loopback.loop();
    assertEquals("20000000 bytes then closed", reader.result().toString());
  }

  @Test
  void afterOurHalfCloseThePeersReplyIsRead() {
    dispatcher.on("handleRead", d -> calls.add(text(d.recv(100))));
    dispatcher.send(bytes("ping"));
    dispatcher.socket().shutdown(Shutdown.WR);
    assertEquals("'ping' then closed", peer.receiveAll().toString());
    peer.send("pong");
    loopback.untilCalled("pong");
    assertEquals(List.of("a handleRead", "pong"), calls);
    assertEquals(0, dispatcher.send(bytes("late")), "EPIPE closes");
    assertEquals(List.of("a handleRead", "pong", "a handleClose"), calls);
  }

  @Test
  void afterShuttingDownReadingTheEndIsThere() {
    dispatcher.on("handleRead", d -> calls.add("recv " + d.recv(100).length));
    dispatcher.socket().shutdown(Shutdown.RD);
    loopback.untilCalled("recv 0");
    assertEquals(List.of("a handleRead", "a handleClose", "recv 0"), calls);
  }

  @Test
  void aResetWhileReadingIsAnEndAndAHangUpToPoll() {
    dispatcher.on("handleRead", d -> calls.add("recv " + d.recv(100).length));
    peer.reset();
    loopback.untilCalled("recv 0");
    assertEquals(
        wiring.usePoll()
            ? List.of("a handleRead", "a handleClose", "recv 0", "a handleClose")
            : List.of("a handleRead", "a handleClose", "recv 0"),
        calls);
  }

  @Test
  void aResetWhileWritingMakesSendCloseAndTakeNothing() {
    dispatcher
        .wants(false, false)
        .on("handleWrite", d -> calls.add("send " + d.send(bytes("anyone?"))));
    peer.reset();
    dispatcher.wants(false, true);
    loopback.untilCalled("a handleClose");
    assertEquals("a handleWrite", calls.get(0));
    int closed = calls.indexOf("a handleClose");
    assertEquals("send 0", calls.get(closed + 1), calls.toString());
  }

  @Test
  void theFirstSendAfterThePeersCloseIsTakenAndALaterOneCloses() {
    dispatcher.wants(false, false);
    peer.close();
    assertEquals(5, dispatcher.send(bytes("first")));
    loopback.until(() -> dispatcher.send(bytes("second")) == 0, "broken connection");
    assertEquals(List.of("a handleClose"), calls);
    assertEquals(-1, dispatcher.socket().fileno());
  }

  @Test
  void closingWithBytesUnreadResetsThePeer() {
    dispatcher.on(
        "handleRead",
        d -> {
          calls.add(text(d.recv(2)));
          d.close();
        });
    peer.send("unread");
    loopback.untilCalled("un");
    assertEquals("'' then reset", peer.receiveAll().toString());
  }

  @Test
  void closingWithNothingUnreadEndsThePeersStream() {
    dispatcher.send(bytes("bye"));
    dispatcher.close();
    assertEquals("'bye' then closed", peer.receiveAll().toString());
    assertTrue(loopback.map().isEmpty());
  }

  @Test
  void bytesReceivedBeforeAResetAreThereUnlessPollHangsUpFirst() {
    peer.send("last").reset();
    dispatcher.on("handleRead", d -> calls.add("recv " + text(d.recv(100))));
    loopback.untilCalled("a handleClose");
    assertEquals(
        wiring.usePoll()
            ? List.of("a handleRead", "recv last", "a handleClose")
            : List.of("a handleRead", "recv last", "a handleRead", "a handleClose", "recv "),
        calls);
  }

  @Test
  void aClosedDispatcherAnswersWithEbadfOrWithNothing() {
    dispatcher.close();
    assertEquals(0, dispatcher.send(new byte[1]));
    assertEquals(0, dispatcher.recv(1).length);
    assertEquals(List.of("a handleClose", "a handleClose"), calls, "EBADF is a broken connection");
    for (Runnable call :
        List.<Runnable>of(
            () -> dispatcher.bind(loopback.anyPort()),
            () -> dispatcher.connect(loopback.nowhere()),
            () -> dispatcher.socket().getsockname(),
            () -> dispatcher.socket().getpeername(),
            () -> dispatcher.socket().shutdown(Shutdown.WR),
            () -> dispatcher.socket().takeError(),
            () -> dispatcher.socket().recv(1),
            dispatcher::accept,
            () -> dispatcher.listen(1))) {
      assertEquals(Errno.EBADF, assertThrows(OsException.class, call::run).errno());
    }
    dispatcher.close();
    dispatcher.wants(true, true).createSocket(wiring.family());
    dispatcher.connect(loopback.door().address());
    loopback.until(dispatcher::connected, "connection of the socket made anew");
  }
}
