package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.Channel;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.Peer;
import org.asyncore.fixture.Wiring;
import org.asyncore.internal.LoopTransport;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Shutdown;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nothing that send accepted is lost, whoever closes what, and when; nor waited for without end.
 */
@ParameterizedClass
@MethodSource("org.asyncore.fixture.Wiring#inet")
class LingerTest {
  private static final int REPLY = 30_000_000;
  private static final int SO_LINGER_SECONDS = 60;

  private final Wiring wiring;
  private final Loopback loopback;
  private final Peer.Door door;

  LingerTest(Wiring wiring) {
    this.wiring = wiring;
    loopback = new Loopback(wiring);
    door = loopback.door();
  }

  @AfterEach
  void close() {
    System.clearProperty("org.asyncore.linger");
    System.clearProperty("org.asyncore.orphan");
    loopback.close();
  }

  @Test
  void aReplySentPieceByPieceAndClosedAtOnceArrivesWhole() {
    replier();
    Other<String> reader = readLate(new CountDownLatch(0));
    loopback.loop();
    assertEquals(REPLY + " bytes then closed", reader.result());
  }

  @Test
  void aReplyOfDispatcherWithSendArrivesWhole() {
    bufferedReplier();
    Other<String> reader = readLate(new CountDownLatch(0));
    loopback.loop();
    assertEquals(REPLY + " bytes then closed", reader.result());
  }

  @Test
  void whatSendTookBeforeCloseArrivesAtAReaderThatStartsWhenTheLoopWaitsForIt() {
    Full full = connectFull();
    full.dispatcher.close();
    CountDownLatch start = new CountDownLatch(1);
    Other<String> reader = readLate(start);
    Other<Void> looper = Other.thread("looper", () -> loopOnce());
    looper.awaitIn("drain");
    start.countDown();
    looper.result();
    assertEquals(full.taken + " bytes then closed", reader.result());
  }

  @Test
  void whatSendTookArrivesAtAReaderThatStartsTwoSecondsLater() {
    assumeTrue(!wiring.usePoll(), "once for each transport is enough of a wait");
    Full full = connectFull();
    full.dispatcher.close();
    Other<String> reader = readLate(new CountDownLatch(1)); // Nobody counts down: two seconds.
    loopback.loop();
    assertEquals(full.taken + " bytes then closed", reader.result());
  }

  @Test
  void closeAllLetsItGoOut() throws InterruptedException {
    Full full = connectFull();
    CountDownLatch start = new CountDownLatch(1);
    Other<String> reader = readLate(start);
    Other<Void> closer =
        Other.thread(
            "closer",
            () -> {
              Asyncore.closeAll(loopback.map(), false);
              return null;
            });
    closer.awaitIn("drain");
    start.countDown();
    closer.result();
    assertEquals(full.taken + " bytes then closed", reader.result());
  }

  @Test
  void exitNowLetsWhatWasClosedGoOutFirst() {
    Full full = connectFull();
    ExitNow exit = new ExitNow("done");
    loopback
        .fresh("exiting")
        .on(
            "handleConnect",
            d -> {
              full.dispatcher.close();
              throw exit;
            })
        .connect(loopback.door().address());
    CountDownLatch start = new CountDownLatch(1);
    Other<String> reader = readLate(start);
    Other<Void> looper = Other.thread("looper", () -> loopOnce());
    looper.awaitIn("drain");
    start.countDown();
    assertSame(exit, looper.failure());
    assertEquals(full.taken + " bytes then closed", reader.result());
  }

  @Test
  void aChannelThatIsClosedWhileOthersLiveDrainsDuringTheirPasses() {
    Full full = connectFull();
    loopback.listener("idle");
    full.dispatcher.close();
    Other<String> reader = readLate(new CountDownLatch(0));
    loopback.until(reader::isDone, "end of the reply");
    assertEquals(full.taken + " bytes then closed", reader.result());
  }

  @Test
  void aShutdownAfterASendGoesOutBehindIt() {
    Full full = connectFull();
    full.dispatcher.socket().shutdown(Shutdown.WR);
    OsException refused =
        assertThrows(OsException.class, () -> full.dispatcher.socket().send(new byte[10], 0, 10));
    assertEquals(Errno.EPIPE, refused.errno(), "no more after the end");
    Other<String> reader = readLate(new CountDownLatch(0));
    loopback.until(reader::isDone, "end of the reply");
    assertEquals(full.taken + " bytes then closed", reader.result());
  }

  @Test
  void theLimitEndsTheWaitAndSaysSo() {
    System.setProperty("org.asyncore.linger", "0.2");
    connectFull().dispatcher.close();
    List<String> logged = logOf(loopback::loop);
    assertEquals(1, logged.size(), logged.toString());
    assertTrue(
        logged.get(0).contains("have bytes that their peers did not take within 0.2 s"),
        logged.get(0));
  }

  @Test
  void aStoppedLoopLetsOpenConnectionsHaveWhatSendTook() {
    Full full = connectFull();
    loopback.map().stop();
    Other<Void> looper = Other.thread("looper", () -> loopOnce());
    looper.awaitIn("drain");
    try (Peer peer = door.accept()) {
      assertEquals(full.taken, peer.receive((int) full.taken).length());
      looper.result();
      assertTrue(full.dispatcher.connected(), "still open");
    }
  }

  @Test
  void aStoppedLoopWaitsNoLongerThanTheLimitAndNothingIsLost() {
    System.setProperty("org.asyncore.linger", "0.2");
    Full full = connectFull();
    loopback.map().stop();
    assertEquals(1, logOf(loopback::loop).size());
    full.dispatcher.close();
    Other<String> reader = readLate(new CountDownLatch(0));
    loopback.listener("idle");
    loopback.until(reader::isDone, "end of the reply");
    assertEquals(full.taken + " bytes then closed", reader.result());
  }

  @Test
  void aClosedConnectionWhosePeerTakesNothingIsResetThoughTheLoopGoesOn() throws Exception {
    System.setProperty("org.asyncore.orphan", "1");
    loopback.listener("idle");
    Full full = connectFull();
    Channel channel = DispatcherChannels.channel(full.dispatcher);
    full.dispatcher.close();
    assertTrue(channel.isOpen());
    List<String> logged = logOf(() -> loopback.until(() -> !channel.isOpen(), "the reset"));
    assertEquals(1, logged.size(), logged.toString());
    assertTrue(logged.get(0).contains("its peer did not take in 1 s"), logged.get(0));
    assertTrue(LoopTransport.of(loopback.map().transport()).drain(() -> 0), "nothing to wait for");
    try (Peer peer = door.accept()) {
      assertEquals("reset", peer.receiveAll().then());
    }
  }

  @Test
  void aPeerThatIsGoneIsNotWaitedForAndNothingIsLogged() {
    Full full = connectFull();
    full.dispatcher.close();
    door.accept().reset();
    assertEquals(List.of(), logOf(loopback::loop));
  }

  @Test
  void aLimitThatIsNoNumberIsRefusedByName() {
    System.setProperty("org.asyncore.linger", "long");
    connectFull().dispatcher.close();
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, loopback::loop);
    assertEquals("org.asyncore.linger is not a number of seconds: long", refused.getMessage());
    System.clearProperty("org.asyncore.linger");
    door.accept().reset();
  }

  @Test
  void anInterruptEndsTheWaitAtOnce() {
    connectFull().dispatcher.close();
    Other<Void> looper = Other.thread("looper", () -> loopOnce());
    looper.awaitIn("drain");
    looper.thread().interrupt();
    assertEquals(InterruptedException.class, looper.failure().getClass());
    door.accept().reset();
  }

  @Test
  void neitherCloseNorTheLoopWaitsForSoLinger() {
    door.receiveBuffer(4096);
    var dispatcher = loopback.fresh("lingering").wants(false, true);
    dispatcher.connect(door.address());
    loopback.until(dispatcher::connected, "connection");
    dispatcher.socket().setsockopt(StandardSocketOptions.SO_SNDBUF, 200_000);
    dispatcher.socket().setsockopt(StandardSocketOptions.SO_LINGER, SO_LINGER_SECONDS);
    assertEquals(100_000, dispatcher.send(new byte[100_000]));
    long start = System.nanoTime();
    dispatcher.close();
    loopback.loop();
    long waited = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    assertTrue(waited < SO_LINGER_SECONDS / 2, waited + " s");
    assertEquals("100000 bytes then closed", door.accept().receiveAll().toString());
  }

  @Test
  void soLingerGivesUpNothingThatSendTook() {
    Full full = connectFull();
    full.dispatcher.socket().setsockopt(StandardSocketOptions.SO_LINGER, SO_LINGER_SECONDS);
    full.dispatcher.close();
    Other<String> reader = readLate(new CountDownLatch(0));
    loopback.loop();
    assertEquals(full.taken + " bytes then closed", reader.result());
  }

  @Test
  void soLingerOfZeroDropsWhatIsNotThereYetAndResets() {
    Full full = connectFull();
    full.dispatcher.socket().setsockopt(StandardSocketOptions.SO_LINGER, 0);
    full.dispatcher.close();
    loopback.loop(); // Has nothing to wait for: nobody reads.
    Peer.Received received = door.accept().receiveAll();
    assertEquals("reset", received.then());
    assertTrue(received.data().length() < full.taken, received.toString());
  }

  private Void loopOnce() throws InterruptedException {
    Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), loopback.map());
    return null;
  }

  /** A dispatcher whose send has taken what it could, and how much that was; nobody reads. */
  private record Full(Dispatcher dispatcher, long taken) {}

  private Full connectFull() {
    var dispatcher = loopback.fresh("full").wants(false, true);
    dispatcher.connect(door.address());
    loopback.until(dispatcher::connected, "connection");
    byte[] piece = new byte[1 << 20];
    long taken = 0;
    for (int n; (n = dispatcher.send(piece)) > 0; ) taken += n;
    dispatcher.wants(true, false);
    return new Full(dispatcher, taken);
  }

  /** Sends the reply as there is room, then closes. */
  private void replier() {
    byte[] reply = new byte[REPLY];
    int[] sent = new int[1];
    loopback
        .fresh("replier")
        .wants(false, true)
        .on(
            "handleWrite",
            d -> {
              sent[0] += d.send(reply, sent[0], REPLY - sent[0]);
              if (sent[0] == REPLY) d.close();
            })
        .connect(door.address());
  }

  private void bufferedReplier() {
    DispatcherWithSend replier =
        new DispatcherWithSend(loopback.map()) {
          @Override
          public void handleConnect() {
            send(new byte[REPLY]);
          }

          @Override
          public void handleWrite() {
            super.handleWrite();
            if (outBufferSize() == 0) close();
          }
        };
    replier.createSocket(wiring.family());
    replier.connect(door.address());
  }

  /** Reads all, from when the latch is down, or two seconds from now on. */
  private Other<String> readLate(CountDownLatch start) {
    return Other.thread(
        "reader",
        () -> {
          try (Peer peer = door.accept()) {
            boolean byTheClock = !start.await(2, TimeUnit.SECONDS);
            assertEquals(byTheClock, start.getCount() > 0);
            Peer.Received received = peer.receiveAll();
            return received.data().length() + " bytes then " + received.then();
          }
        });
  }

  private static List<String> logOf(Runnable action) {
    List<String> lines = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            lines.add(record.getLevel() + ": " + new SimpleFormatter().formatMessage(record));
          }

          @Override
          public void flush() {
            // Nothing is kept.
          }

          @Override
          public void close() {
            // Nothing is open.
          }
        };
    Logger logger = Logger.getLogger("org.asyncore"); // Where System.Logger leads by default.
    logger.addHandler(handler);
    boolean useParents = logger.getUseParentHandlers();
    logger.setUseParentHandlers(false);
    try {
      action.run();
    } finally {
      logger.setUseParentHandlers(useParents);
      logger.removeHandler(handler);
    }
    return lines;
  }
}
