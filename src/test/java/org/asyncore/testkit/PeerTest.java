package org.asyncore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.SocketType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What a peer expects, and how it tells that it did not come. */
class PeerTest {
  private final TestLoop loop = new TestLoop();
  private Echo echo;
  private final Peer peer = loop.connected(this::echo);

  @AfterEach
  void close() {
    loop.close();
  }

  private Dispatcher echo(AsyncSocket socket) {
    echo = new Echo(socket, loop.map());
    return echo;
  }

  private static final class Echo extends DispatcherWithSend {
    Echo(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    private boolean reads = true;

    @Override
    public boolean readable() {
      return reads;
    }

    @Override
    public void handleRead() {
      byte[] data = recv(100);
      if (data.length > 0) send(data);
    }

    @Override
    public void handleClose() {
      close();
    }
  }

  private static void fails(String message, Executable expectation) {
    AssertionError failure = assertThrows(AssertionError.class, expectation);
    assertEquals(message, failure.getMessage());
  }

  private static void failsWith(String beginning, Executable expectation) {
    AssertionError failure = assertThrows(AssertionError.class, expectation);
    assertTrue(failure.getMessage().startsWith(beginning), failure.getMessage());
  }

  @Test
  void otherBytesAreAFailureWithAllThatWasCalledAndSent() {
    peer.send("hello\n");
    fails(
        """
        expected "HELLO\\n" from the other side of peer 1, but found "hello\\n"
        at 0.000 s, called so far:
          0.000 s  Echo open
          0.000 s  Echo handleRead
          0.000 s  Echo recv 6
          0.000 s  Echo send 6 of 6
        peer 1:
          0.000 s  connects to /127.0.0.1:32768
          0.000 s  sends "hello\\n"
          0.000 s  reads "hello\\n"
        """,
        () -> peer.expect("HELLO\n"));
  }

  @Test
  void bytesThatNeverComeAreAFailureAtOnce() {
    failsWith(
        "expected \"x\" from the other side of peer 1, but found nothing; nothing more is going to"
            + " happen\n",
        () -> peer.expect("x"));
  }

  @Test
  void bytesThatComeTooLateAreAFailureAfterThatTime() {
    echo.callLater(Duration.ofSeconds(61), () -> echo.send(new byte[] {'x'}));
    failsWith(
        "expected \"x\" from the other side of peer 1, but found nothing within 60.000 s\n",
        () -> peer.expect("x"));
    assertEquals(Duration.ofMinutes(1), loop.clock().elapsed());
    loop.patience(Duration.ofSeconds(2));
    peer.expect("x");
  }

  @Test
  void aConditionIsNamed() {
    failsWith(
        "expected the impossible; nothing more is going to happen\n",
        () -> loop.until(() -> false, "the impossible"));
  }

  @Test
  void aDispatcherThatSpinsIsCutOff() {
    loop.map().keepRunning(true);
    again();
    failsWith("settle() finds no end: after 20000 passes something happens still", loop::settle);
  }

  private void again() {
    loop.map().execute(this::again);
  }

  @Test
  void soIsOneWhileSomethingIsExpected() {
    again();
    failsWith(
        "expected \"x\" from the other side of peer 1, but found nothing within 20000 passes\n",
        () -> peer.expect("x"));
  }

  @Test
  void aTimerThatIsTooShortForTheTimeIsCutOff() {
    loop.map().callEvery(Duration.ofNanos(1), () -> {});
    failsWith(
        "advance(PT1H) finds no end: after 200000 passes something happens still\n",
        () -> loop.advance(Duration.ofHours(1)));
  }

  @Test
  void aMapThatDoesNotBecomeEmptyIsAFailure() {
    failsWith("expected an empty map; nothing more is going to happen\n", loop::run);
    peer.close();
    loop.run();
  }

  @Test
  void aWaitThatNothingEndsIsAFailure() {
    AssertionError failure =
        assertThrows(
            AssertionError.class, () -> Asyncore.loop(Asyncore.FOREVER, false, loop.map()));
    assertEquals("waits for ever: nothing is due, and nobody sends", failure.getMessage());
  }

  @Test
  void anInterruptOfTheTestIsAFailure() {
    Thread.currentThread().interrupt();
    failsWith("interrupted in a pass; so far:\nat 0.000 s, called so far:\n", loop::pass);
  }

  @Test
  void anEndInTheMidstOfBytesIsAFailure() {
    peer.send("hel");
    loop.settle();
    echo.close();
    failsWith(
        "expected \"hello\" from the other side of peer 1, but found \"hel\" and then the end\n",
        () -> peer.expect("hello"));
    failsWith(
        "expected silence from the other side of peer 1 for 1.000 s, but found \"hel\" and then the"
            + " end\n",
        () -> peer.expectSilence(Duration.ofSeconds(1)));
  }

  @Test
  void aRefusedPeerFindsThat() {
    failsWith(
        "expected the end from the other side of peer 2, but found nothing and then the"
            + " ECONNREFUSED\n",
        () -> loop.connect(2525).expectEnd());
  }

  @Test
  void aPatternTakesWhatItMatches() {
    peer.send("220 ready\r\n250 ok");
    assertEquals("220", peer.expect(Pattern.compile("(\\d+) .*\r\n")).group(1));
    peer.expect("250 ok");
  }

  @Test
  void aPatternThatDoesNotComeIsAFailure() {
    peer.send("oh no");
    failsWith(
        "expected a match of \\d+ from the other side of peer 1, but found \"oh no\"; nothing more"
            + " is going to happen\n",
        () -> peer.expect(Pattern.compile("\\d+")));
    echo.close();
    failsWith(
        "expected a match of \\d+ from the other side of peer 1, but found \"oh no\" and then the"
            + " end\n",
        () -> peer.expect(Pattern.compile("\\d+")));
  }

  @Test
  void anEndThatDoesNotComeIsAFailure() {
    failsWith(
        "expected the end from the other side of peer 1, but found nothing; nothing more",
        peer::expectEnd);
    peer.send("x");
    failsWith("expected the end from the other side of peer 1, but found \"x\"\n", peer::expectEnd);
  }

  @Test
  void anEndIsNoReset() {
    echo.close();
    failsWith(
        "expected the reset from the other side of peer 1, but found nothing and then the end\n",
        peer::expectReset);
    peer.expectEnd();
  }

  @Test
  void aResetIsNoEnd() {
    echo.reads = false;
    peer.send("unread");
    echo.close();
    failsWith(
        "expected the end from the other side of peer 1, but found nothing and then the reset\n",
        peer::expectEnd);
    peer.expectReset();
  }

  @Test
  void silenceThatIsBrokenIsAFailure() {
    peer.expectSilence(Duration.ofHours(1));
    echo.callLater(Duration.ofMinutes(3), () -> echo.send(new byte[] {'x'}));
    failsWith(
        "expected silence from the other side of peer 1 for 3600.000 s, but found \"x\"\n"
            + "at 3780.000 s,",
        () -> peer.expectSilence(Duration.ofHours(1)));
  }

  @Test
  void nobodyAtTheDoorIsAFailure() {
    Door door = loop.listen(25);
    failsWith(
        "expected somebody at the door at /127.0.0.1:25; nothing more is going to happen\n",
        door::expectPeer);
    door.close();
    assertThrows(IllegalStateException.class, door::expectPeer);
  }

  @Test
  void aClosedPeerDoesNothingMore() {
    peer.close();
    for (Executable act :
        new Executable[] {
          () -> peer.send("x"),
          peer::end,
          peer::reset,
          peer::close,
          () -> peer.reads(1),
          () -> peer.expect("x"),
          peer::expectEnd
        }) {
      IllegalStateException thrown = assertThrows(IllegalStateException.class, act);
      assertTrue(thrown.getMessage().endsWith("of peer 1, which is closed"), thrown.getMessage());
    }
  }

  @Test
  void anEndedPeerSendsNothingMore() {
    peer.end();
    IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> peer.send("x"));
    assertEquals("send() of peer 1, which has ended", thrown.getMessage());
    assertThrows(IllegalStateException.class, peer::end);
  }

  @Test
  void urgentBytesWaitForRoomAndHarmNobodyWhereTheOtherSideIsGone() {
    loop.network().buffers(4, 4);
    Peer full = loop.connected(this::echo);
    echo.reads = false;
    full.send("12345678").sendUrgent((byte) '!').send("9");
    echo.reads = true;
    full.expect("123456789");
    echo.close();
    loop.settle();
    full.sendUrgent((byte) '?').expectEnd();
  }

  @Test
  void whoReadsNothingExpectsNothing() {
    peer.readsNothing();
    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> peer.expect("x"));
    assertEquals("peer 1 reads nothing: it may expect nothing", thrown.getMessage());
  }

  @Test
  void badInputIsNamed() {
    assertThrows(IllegalArgumentException.class, () -> peer.send(""));
    assertThrows(IllegalArgumentException.class, () -> peer.send((String) null));
    assertThrows(IllegalArgumentException.class, () -> peer.inPieces(0));
    assertThrows(IllegalArgumentException.class, () -> peer.reads(-1));
    assertThrows(IllegalArgumentException.class, () -> loop.connect(0));
    assertThrows(IllegalArgumentException.class, () -> loop.patience(Duration.ofNanos(-1)));
    assertThrows(IllegalArgumentException.class, () -> loop.passes(-1));
    Duration tooLong = Duration.ofSeconds(Long.MAX_VALUE);
    for (Executable waits :
        new Executable[] {
          () -> loop.advance(tooLong),
          () -> loop.clock().advance(tooLong),
          () -> loop.patience(tooLong),
          () -> loop.network().connectTime(tooLong),
          () -> peer.expectSilence(tooLong),
          () -> peer.expectSilence(null)
        }) {
      assertThrows(IllegalArgumentException.class, waits);
    }
    Dispatcher without = new Dispatcher(loop.map());
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> loop.fail(without, SocketCall.RECV, Errno.ENOMEM));
    assertTrue(thrown.getMessage().startsWith("no socket of this network: "), thrown.getMessage());
  }

  @Test
  void aSocketOfAnotherTransportIsNamed() {
    AsyncSocket other = new MemoryNetwork().transport().socket(Family.INET, SocketType.STREAM);
    new Dispatcher(other, loop.map());
    IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, loop::pass);
    assertEquals(
        "a socket of transport memory in a map on another one: memory", thrown.getMessage());
    loop.map().clear();
  }

  @Test
  void aSocketInMemoryInAMapOfNettysIsNamed() {
    SocketMap other = new SocketMap();
    AsyncSocket ours = loop.map().transport().socket(Family.INET, SocketType.STREAM);
    new Dispatcher(ours, other);
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> Asyncore.loop(0, false, other, 1));
    assertTrue(thrown.getMessage().contains("memory"), thrown.getMessage());
    other.clear();
    ours.close();
  }

  @Test
  void aDispatcherOfAnotherMapIsNamed() {
    SocketMap other = new SocketMap(new MemoryNetwork().transport());
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> loop.connected(socket -> new Echo(socket, other)));
    String message = "the function made a dispatcher in another map than loop.map(), on transport";
    assertTrue(thrown.getMessage().startsWith(message), thrown.getMessage());
    assertThrows(IllegalArgumentException.class, () -> loop.connected(socket -> null));
    other.clear();
  }

  @Test
  void aTaskElsewhereThatCallsASocketIsAFailure() {
    loop.elsewhere().execute(() -> echo.send(new byte[] {'x'}));
    failsWith("a call on socket 3 on another thread than the loop's", loop::settle);
    loop.elsewhere().execute(() -> loop.map().execute(() -> echo.send(new byte[] {'x'})));
    loop.settle();
  }

  @Test
  void aTaskElsewhereWithoutAnEndIsAFailure() throws InterruptedException {
    CountDownLatch ends = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Elsewhere elsewhere = new Elsewhere(loop, Duration.ofMillis(20));
    elsewhere.execute(
        () -> {
          awaitUninterruptibly(ends);
          ended.countDown();
        });
    failsWith("a task elsewhere is not over after 0.020 s\n", elsewhere::runNext);
    ends.countDown();
    assertTrue(ended.await(10, TimeUnit.SECONDS), "the end of the task");
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS), "the end of the expectation");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatATaskElsewhereThrowsIsAFailure() {
    loop.elsewhere()
        .execute(
            () -> {
              throw new IllegalStateException("oh");
            });
    failsWith("a task elsewhere threw java.lang.IllegalStateException: oh\n", loop::settle);
  }
}
