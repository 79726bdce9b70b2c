package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.asyncore.fixture.Ascii;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.Peer;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.Wiring;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A callback that sends, and then waits until its peer has it, as a program under CPython may. */
@ParameterizedClass
@MethodSource("org.asyncore.fixture.Wiring#inet")
class ReplyThenWaitTest {
  private static final int STREAM_BYTES = 1 << 21;
  private static final int LONGEST_SEND = 30_000;

  private final Loopback loopback;
  private final Loopback.Linked linked;
  private final Peer peer;

  ReplyThenWaitTest(Wiring wiring) {
    loopback = new Loopback(wiring);
    linked = loopback.link("a");
    linked.dispatcher().wants(true, false);
    peer = linked.peer();
  }

  @AfterEach
  void close() {
    loopback.close();
  }

  private static void send(Dispatcher dispatcher, String text) {
    assertEquals(text.length(), dispatcher.send(Ascii.bytes(text)));
  }

  /** Has the dispatcher called back once, in a pass of its own. */
  private void inACallback(RecordingDispatcher dispatcher, Peer of, Runnable callback) {
    int[] calls = {0};
    dispatcher.on(
        "handleRead",
        d -> {
          d.recv(100);
          callback.run();
          calls[0]++;
        });
    of.send("?");
    loopback.until(() -> calls[0] > 0, "callback");
  }

  private void inACallback(Runnable callback) {
    inACallback(linked.dispatcher(), peer, callback);
  }

  @Test
  void theFirstSendLeaves() {
    inACallback(
        () -> {
          send(linked.dispatcher(), "one");
          assertEquals("one", peer.receive(3));
        });
  }

  @Test
  void furtherSendsLeave() {
    inACallback(
        () -> {
          for (String text : new String[] {"one", "two", "three"}) send(linked.dispatcher(), text);
          assertEquals("onetwothree", peer.receive(11));
          send(linked.dispatcher(), "four");
          assertEquals("four", peer.receive(4));
          send(linked.dispatcher(), "five");
        });
    assertEquals("five", peer.receive(4));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void whatIsSentLeavesAfterACallbackThatSentMuch(int sends) {
    inACallback(
        () -> {
          send(linked.dispatcher(), "one");
          send(linked.dispatcher(), "two");
        });
    inACallback(
        () -> {
          assertEquals("onetwo", peer.receive(6));
          for (int i = 0; i < sends; i++) send(linked.dispatcher(), "x");
          assertEquals("x".repeat(sends), peer.receive(sends));
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void whatIsSentOnAnotherConnectionLeaves(int sends) {
    Loopback.Linked other = loopback.link("b");
    other.dispatcher().wants(true, false);
    inACallback(
        () -> {
          for (int i = 0; i < sends; i++) send(other.dispatcher(), "x");
          assertEquals("x".repeat(sends), other.peer().receive(sends));
          for (int i = 0; i < sends; i++) send(other.dispatcher(), "y");
          assertEquals("y".repeat(sends), other.peer().receive(sends));
        });
  }

  @Test
  void whatIsSentWhileStreamsAreReadAheadLeaves() {
    loopback.map().readAhead(true);
    int[] left = {40};
    linked
        .dispatcher()
        .on(
            "handleRead",
            d -> {
              send(d, "x".repeat(d.recv(1024).length));
              assertEquals(1024, peer.receive(1024).length());
              if (--left[0] == 0) d.close();
            });
    peer.send("?".repeat(40 * 1024));
    loopback.loop();
  }

  @Test
  void eachSendLeavesAtOnceIfTheMapSaysSo() {
    loopback.map().sendAtOnce(true);
    theFirstSendLeaves();
    furtherSendsLeave();
    whatIsSentLeavesAfterACallbackThatSentMuch(3);
  }

  /**
   * Whatever pauses the callbacks make, and whoever sends meanwhile, the bytes keep their order.
   */
  @Test
  void bytesKeepTheirOrder() {
    Random random = new Random(5);
    byte[] stream = new byte[STREAM_BYTES];
    random.nextBytes(stream);
    int[] sent = {0};
    linked
        .dispatcher()
        .wants(true, true)
        .on(
            "handleWrite",
            d -> {
              for (int sends = random.nextInt(6); sends > 0 && sent[0] < STREAM_BYTES; sends--) {
                int count = Math.min(1 + random.nextInt(LONGEST_SEND), STREAM_BYTES - sent[0]);
                byte[] piece = Arrays.copyOfRange(stream, sent[0], sent[0] + count);
                sent[0] += d.send(piece);
                if (random.nextInt(20) == 0) spin(4_000_000);
              }
              if (sent[0] == STREAM_BYTES) d.close();
            });
    Other<Peer.Received> received = Other.thread("peer", peer::receiveAll);
    loopback.loop();
    assertEquals(
        new String(stream, StandardCharsets.ISO_8859_1).hashCode(),
        received.result().data().hashCode());
    assertEquals(STREAM_BYTES, received.result().data().length());
  }

  /** Longer than anything is held back. */
  private static void spin(long nanos) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < nanos) Thread.onSpinWait();
  }
}
