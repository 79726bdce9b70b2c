package org.asyncore;

import static org.asyncore.fixture.Ascii.bytes;
import static org.asyncore.fixture.Ascii.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.asyncore.fixture.Arrival;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Peer;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.Wiring;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.netty.socket.HeldSends;
import org.asyncore.netty.socket.SocketLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A loop over streams of which more is read than was asked for. */
@ParameterizedClass
@MethodSource("wirings")
class ReadingAheadTest {
  private static final int RECV = 8192;

  private final Wiring wiring;
  private final Loopback loopback;
  private final RecordingDispatcher dispatcher;
  private final Peer peer;
  private final List<Integer> counts = new ArrayList<>();
  private final StringBuilder received = new StringBuilder();

  static Stream<Wiring> wirings() {
    return Wiring.inet();
  }

  ReadingAheadTest(Wiring wiring) {
    this.wiring = wiring;
    loopback = new Loopback(wiring);
    loopback.map().readAhead(true);
    Loopback.Linked linked = loopback.link("a");
    dispatcher = linked.dispatcher().wants(true, false);
    peer = linked.peer();
  }

  @AfterEach
  void close() {
    loopback.close();
  }

  private static byte[] pattern(int byteCount) {
    byte[] data = new byte[byteCount];
    for (int i = 0; i < byteCount; i++) data[i] = (byte) ('a' + i % 25);
    return data;
  }

  /** Has each read of the dispatcher receive so much, and then do this, given its number from 1. */
  private void onRead(int byteCount, IntConsumer then) {
    dispatcher.on(
        "handleRead",
        d -> {
          byte[] data = d.recv(byteCount);
          counts.add(data.length);
          for (byte b : data) received.append((char) b);
          then.accept(counts.size());
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1024, 5000, 8192, 20_000, 40_000})
  void eachRecvGivesWhatTheKernelWould(int byteCount) {
    byte[] sent = pattern(60_001);
    int last = sent.length / byteCount + 1;
    onRead(
        byteCount,
        n -> {
          if (n == last) dispatcher.close();
        });
    peer.send(sent);
    loopback.loop();
    for (int i = 0; i < last - 1; i++) assertEquals(byteCount, counts.get(i));
    assertEquals(sent.length % byteCount, counts.get(last - 1));
    assertEquals(text(sent), received.toString());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anAnswerComesWhileWhatWasReadAheadIsGivenOut(boolean withCount) {
    List<String> inFourthRead = new ArrayList<>();
    onRead(
        RECV,
        n -> {
          if (n == 3) dispatcher.send(bytes("answer"));
          if (n != 4) return;
          inFourthRead.add(peer.receive(6)); // It has been held back for some time, or not at all.
          dispatcher.delChannel();
        });
    peer.send(pattern(60_000));
    if (withCount) loopback.until(() -> counts.size() == 4, "four reads");
    else loopback.loop();
    assertEquals(List.of("answer"), inFourthRead);
    dispatcher.socket().close();
  }

  /** While answers wait, the system is asked in one pass of four. */
  @Test
  void othersAreCalledWithinFourPasses() {
    Loopback.Linked linked = loopback.link("b");
    RecordingDispatcher other = linked.dispatcher().wants(true, false);
    List<Integer> spoken = new ArrayList<>();
    List<Integer> called = new ArrayList<>();
    other.on(
        "handleRead",
        d -> {
          d.recv(10);
          called.add(counts.size());
        });
    onRead(
        2048,
        n -> {
          dispatcher.send(bytes("x"));
          if (n == 24) loopback.close();
          if (n % 6 != 0 || n == 24) return;
          spoken.add(n);
          linked.peer().send("!");
          Arrival.await(other.addr(), other.socket().getsockname());
        });
    peer.send(pattern(60_000));
    loopback.loop();
    assertEquals(List.of(6, 12, 18), spoken);
    assertEquals(spoken.size(), called.size(), called::toString);
    for (int i = 0; i < 3; i++) {
      int passes = called.get(i) - spoken.get(i);
      assertTrue(passes <= 4, called::toString);
    }
  }

  /** Else each pass would go through them all, and there would be more and more. */
  @Test
  void whoHoldsSendsBackIsHeldOnce() {
    HeldSends held = ((SocketLoop) loopback.map().transport()).heldSends();
    int all = 25 * RECV;
    List<Integer> heldBefore = new ArrayList<>();
    onRead(
        RECV,
        n -> {
          heldBefore.add(held.count());
          dispatcher.send(pattern(RECV));
          if (received.length() == all) dispatcher.close();
        });
    peer.send(pattern(all));
    loopback.loop();
    assertEquals(1, Collections.max(heldBefore), heldBefore::toString);
    assertEquals(new Peer.Received(text(pattern(RECV)).repeat(25), "closed"), peer.receiveAll());
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 7})
  void anExceptionOutOfTheLoopLeavesNothingBehind(int last) {
    onRead(
        RECV,
        n -> {
          dispatcher.send(bytes("x"));
          if (n == last) throw new ExitNow();
        });
    peer.send(pattern(60_000));
    assertThrows(ExitNow.class, loopback::loop);
    assertEquals("x".repeat(last), peer.receive(last));
    loopback.until(() -> received.length() == 60_000, "the rest");
    assertEquals(text(pattern(60_000)), received.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8})
  void closingOnUnreadBytesResetsThePeer(int last) {
    onRead(
        2048,
        n -> {
          dispatcher.send(bytes("x"));
          if (n == last) dispatcher.close();
        });
    peer.send(pattern(60_000));
    loopback.loop();
    assertEquals("'" + "x".repeat(last) + "' then reset", peer.receiveAll().toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 7})
  void aResetComesBehindWhatCameBeforeIt(int when) {
    onRead(
        RECV,
        n -> {
          if (n == when) peer.reset();
        });
    peer.send(pattern(60_000));
    loopback.loop();
    assertEquals(List.of(RECV, RECV, RECV, RECV, RECV, RECV, RECV, 60_000 - 7 * RECV, 0), counts);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 7})
  void handlersInFrontGetWhatWasReadAhead(int when) {
    onRead(
        RECV,
        n -> {
          if (n == when) DispatcherChannels.pipeline(dispatcher);
          if (received.length() == 60_000) dispatcher.close();
        });
    peer.send(pattern(60_000));
    loopback.loop();
    assertEquals(text(pattern(60_000)), received.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5})
  void whoStopsReadingGetsTheRestLater(int pause) {
    onRead(
        RECV,
        n -> {
          if (n == pause) {
            dispatcher.wants(false, true);
          } else if (received.length() == 60_000) {
            dispatcher.close();
          }
        });
    dispatcher.on(
        "handleWrite",
        d -> {
          counts.add(-1);
          dispatcher.wants(true, false);
        });
    peer.send(pattern(60_000));
    loopback.loop();
    assertEquals(-1, counts.get(pause));
    assertEquals(text(pattern(60_000)), received.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 6})
  void settingAnOptionSendsWhatWasHeldBack(int when) {
    onRead(
        RECV,
        n -> {
          dispatcher.send(bytes("x"));
          if (n != when) return;
          dispatcher.socket().setsockopt(StandardSocketOptions.TCP_NODELAY, false);
          assertEquals("x".repeat(when), peer.receive(when));
          dispatcher.close();
        });
    peer.send(pattern(60_000));
    loopback.loop();
    assertEquals(when, counts.size());
  }

  /** Of both ends of a connection more comes than is asked for, whoever began it. */
  @Test
  void connectionsOfBothKindsAreReadAhead() {
    onRead(10, n -> {});
    RecordingDispatcher client = loopback.fresh("client");
    RecordingDispatcher listener = loopback.listener("l");
    client.wants(false, true).connect(Loopback.addressOf(listener));
    loopback.untilCalled("l handleAccepted");
    RecordingDispatcher server = loopback.calls().dispatcher("server", listener.accepted());
    loopback.until(client::connected, "connection");
    Set<String> ahead = new TreeSet<>();
    for (RecordingDispatcher each : List.of(client, server)) {
      each.wants(true, false)
          .on(
              "handleRead",
              d -> {
                boolean isFirst = d.recv(10).length == 10 && DispatcherChannels.unread(d) == 90;
                if (isFirst) ahead.add(d == client ? "client" : "server");
              });
    }
    client.send(pattern(100));
    server.send(pattern(100));
    loopback.until(() -> ahead.size() == 2, "one recv at each end");
  }

  @Test
  void onlyConnectionsFromThenOnAre() {
    loopback.map().readAhead(false);
    Loopback.Linked later = loopback.link("later");
    loopback.map().readAhead(true);
    later.dispatcher().wants(true, false).on("handleRead", d -> d.recv(10));
    onRead(10, n -> {});
    later.peer().send(pattern(15));
    peer.send(pattern(15));
    loopback.until(() -> loopback.calls().toString().contains("later handleRead"), "a read");
    loopback.until(() -> !counts.isEmpty(), "a read");
    assertEquals(0, DispatcherChannels.unread(later.dispatcher()));
  }

  @Test
  void aPeerInTheSameMapIsCalledWithinFourPasses() {
    RecordingDispatcher listener = loopback.listener("l");
    RecordingDispatcher near = loopback.fresh("near");
    near.wants(false, true).connect(Loopback.addressOf(listener));
    loopback.untilCalled("l handleAccepted");
    RecordingDispatcher far = loopback.calls().dispatcher("far", listener.accepted());
    far.wants(true, false);
    loopback.until(near::connected, "connection");
    listener.close();
    List<Integer> answered = new ArrayList<>();
    far.on(
        "handleRead",
        d -> {
          counts.add(d.recv(RECV).length);
          if (counts.size() == 3) d.send(bytes("answer"));
          if (counts.size() == 4) Arrival.await(d.socket().getsockname(), d.addr());
          if (counts.size() == 7) loopback.close();
        });
    near.on(
        "handleRead",
        d -> {
          if (d.recv(100).length > 0) answered.add(counts.size());
        });
    assertEquals(7 * RECV, near.send(pattern(7 * RECV)));
    near.wants(true, false);
    dispatcher.close();
    loopback.loop();
    assertEquals(1, answered.size(), answered::toString);
    assertTrue(answered.get(0) <= 3 + 4, answered::toString);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWasReadAheadGoesAlongToAnotherMap(boolean readsAheadThere) {
    Loopback there = new Loopback(wiring);
    there.map().readAhead(readsAheadThere);
    try {
      onRead(
          RECV,
          n -> {
            if (n == 4) {
              dispatcher.send(bytes("answer"));
              loopback.map().remove(dispatcher.fileno());
              there.map().put(dispatcher.fileno(), dispatcher);
            }
            if (received.length() == 60_000) {
              there.map().remove(dispatcher.fileno());
              dispatcher.close();
            }
          });
      peer.send(pattern(60_000));
      loopback.loop();
      assertEquals(4, counts.size());
      assertEquals("answer", peer.receive(6));
      there.loop();
      assertEquals(text(pattern(60_000)), received.toString());
      assertEquals("'' then closed", peer.receiveAll().toString());
    } finally {
      there.close();
    }
  }

  @Test
  void moreConnectionsThanThereAreBuffersForLoseNothing() {
    int connections = 40;
    byte[] sent = pattern(60_000);
    List<Loopback.Linked> all = new ArrayList<>();
    int[] reads = new int[connections];
    int[] echoed = new int[connections];
    for (int i = 0; i < connections; i++) {
      int number = i;
      Loopback.Linked linked = loopback.link("c" + i);
      all.add(linked);
      linked
          .dispatcher()
          .wants(true, false)
          .on(
              "handleRead",
              d -> {
                byte[] data = d.recv(RECV);
                echoed[number] += d.send(data);
                // Each stops with bytes in hand that were read ahead, until all have.
                if (++reads[number] == 4) d.wants(false, false);
                if (Arrays.stream(reads).allMatch(n -> n >= 4)) {
                  all.forEach(each -> each.dispatcher().wants(true, false));
                }
                if (echoed[number] == sent.length) d.close();
              });
      linked.peer().send(sent);
    }
    dispatcher.close();
    loopback.loop();
    for (Loopback.Linked linked : all) {
      assertEquals(text(sent), linked.peer().receiveAll().data());
    }
  }
}
