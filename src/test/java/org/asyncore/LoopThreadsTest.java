package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Several threads and their maps: who loops, who waits, and who may act meanwhile. */
@ParameterizedClass
@MethodSource("org.asyncore.fixture.Wiring#inet")
class LoopThreadsTest {
  /** What counts as at once, on a machine that is busy. */
  private static final long AT_ONCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Wiring wiring;
  private final Loopback loopback;
  private final List<Other<Void>> loopers = new ArrayList<>();

  LoopThreadsTest(Wiring wiring) {
    this.wiring = wiring;
    loopback = new Loopback(wiring);
  }

  @AfterEach
  void stop() {
    for (Other<Void> looper : loopers) looper.thread().interrupt();
    loopback.close();
  }

  @Test
  void channelsBuiltHereAreServedThere() {
    Loopback.Linked linked = loopback.link("a");
    linked.dispatcher().wants(true, false).on("handleRead", d -> d.send(d.recv(100)));
    Other<Void> looper = loopForEver(loopback.map());
    assertEquals("hello", linked.peer().send("hello").receive(5));
    linked.peer().endOutput();
    linked.peer().receiveAll();
    looper.result();
  }

  @Test
  void callsFromAnotherThreadAreImmediateWhileALoopWaits() {
    Loopback.Linked linked = loopback.link("a");
    linked.dispatcher().wants(true, false);
    Other<Void> looper = loopForEver(loopback.map()).awaitIn("runIo");
    long start = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      linked.dispatcher().send(new byte[] {'x'});
      Dispatcher listener = new Dispatcher(loopback.map());
      listener.createSocket(wiring.family());
      listener.bind(loopback.anyPort());
      listener.listen(5);
      listener.close();
    }
    linked.dispatcher().close();
    assertAtOnce(start, "60 calls");
    assertEquals(
        "x".repeat(20) + "' then closed", linked.peer().receiveAll().toString().substring(1));
    looper.thread().interrupt();
    assertEquals(InterruptedException.class, looper.failure().getClass());
  }

  @Test
  void anAddressInUseIsToldAtOnceToWhoeverBinds() {
    int port = Loopback.addressOf(loopback.listener("a")).getPort();
    Other<Void> looper = loopForEver(loopback.map()).awaitIn("runIo");
    long start = System.nanoTime();
    Throwable refused =
        Other.thread(
                "binder",
                () -> {
                  Dispatcher second = new Dispatcher(loopback.map());
                  second.createSocket(wiring.family());
                  try {
                    second.bind(wiring.loopback().getHostAddress(), port);
                  } finally {
                    second.close();
                  }
                  return null;
                })
            .failure();
    assertEquals(Errno.EADDRINUSE, ((OsException) refused).errno());
    assertAtOnce(start, "EADDRINUSE");
    looper.thread().interrupt();
    looper.failure();
  }

  @Test
  void closeAllOnAnotherThreadIsImmediateWhileALoopWaits() {
    Loopback.Linked linked = loopback.link("a");
    linked.dispatcher().wants(true, false);
    Other<Void> looper = loopForEver(loopback.map()).awaitIn("runIo");
    long start = System.nanoTime();
    Other.thread(
            "closer",
            () -> {
              Asyncore.closeAll(loopback.map(), false);
              return null;
            })
        .result();
    assertAtOnce(start, "closeAll");
    assertEquals("'' then closed", linked.peer().receiveAll().toString());
    assertFalse(looper.isDone(), "as in Python, its wait goes on");
  }

  @Test
  void twoThreadsLoopOneMapInTurn() {
    Set<Thread> served = ConcurrentHashMap.newKeySet();
    Loopback.Linked linked = loopback.link("a");
    linked.dispatcher().wants(false, true);
    linked.dispatcher().on("handleWrite", d -> served.add(Thread.currentThread()));
    Other<Void> one = loop(loopback.map(), 0, 500);
    Other<Void> two = loop(loopback.map(), 0, 500);
    one.result();
    two.result();
    assertEquals(Set.of(one.thread(), two.thread()), served);
    assertEquals(1000, loopback.calls().size(), "no pass ran beside another");
  }

  @Test
  void aCallFromOutsideDoesNotLoseTheWaitOfTwoThreadsThatLoopOneMap() {
    Loopback.Linked linked = loopback.link("a");
    linked.dispatcher().wants(true, false).on("handleRead", d -> d.send(d.recv(100)));
    Other<Void> one = loopForEver(loopback.map());
    Other<Void> two = loopForEver(loopback.map());
    one.awaitIn("takeTurn", "runIo");
    two.awaitIn("takeTurn", "runIo");
    for (int i = 0; i < 5; i++) {
      linked.dispatcher().socket().getsockname(); // Whoever waits steps aside for it.
      assertEquals("hello", linked.peer().send("hello").receive(5));
    }
    linked.peer().endOutput();
    linked.peer().receiveAll();
    one.result();
    two.result();
  }

  @Test
  void loopsOverTwoMapsRunSideBySide() throws InterruptedException {
    try (Loopback another = new Loopback(wiring)) {
      Loopback.Linked here = loopback.link("here");
      Loopback.Linked there = another.link("there");
      CountDownLatch bothInside = new CountDownLatch(2);
      for (Loopback.Linked linked : new Loopback.Linked[] {here, there}) {
        linked
            .dispatcher()
            .wants(false, true)
            .on(
                "handleWrite",
                d -> {
                  bothInside.countDown();
                  awaitLatch(bothInside); // Only comes to an end if both loops are in a callback.
                  d.close();
                });
      }
      Other<Void> one = loopForEver(loopback.map());
      Other<Void> two = loopForEver(another.map());
      one.result();
      two.result();
      assertEquals(0, bothInside.getCount());
    }
  }

  @Test
  void aLoopThatWaitsForEverDoesNotHoldUpAnotherMap() {
    try (Loopback another = new Loopback(wiring)) {
      loopback.listener("idle");
      Other<Void> waiting = loopForEver(loopback.map());
      waiting.awaitIn("runIo");
      Loopback.Linked linked = another.link("a");
      linked.dispatcher().wants(true, false).on("handleRead", d -> d.send(d.recv(100)));
      linked.peer().send("hello");
      another.untilCalled("a handleRead");
      assertEquals("hello", linked.peer().receive(5));
      assertFalse(waiting.isDone());
      waiting.thread().interrupt();
      waiting.failure();
    }
  }

  @Test
  void aMapWhoseLastChannelIsClosedByAnotherThreadEndsItsLoopAtTheNextEventOrTimeout() {
    Loopback.Linked linked = loopback.link("a");
    linked.dispatcher().wants(true, false);
    Other<Void> looper = loop(loopback.map(), 0.2, Integer.MAX_VALUE);
    looper.awaitIn("runIo");
    linked.dispatcher().close();
    looper.result();
    assertTrue(loopback.map().isEmpty());
  }

  private Other<Void> loopForEver(SocketMap map) {
    return loop(map, Asyncore.FOREVER, Integer.MAX_VALUE);
  }

  private Other<Void> loop(SocketMap map, double timeoutSeconds, int count) {
    Other<Void> looper =
        Other.thread(
            "looper",
            () -> {
              Asyncore.loop(timeoutSeconds, wiring.usePoll(), map, count);
              return null;
            });
    loopers.add(looper);
    return looper;
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS), "only one loop is in a callback");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertAtOnce(long startNanos, String what) {
    long nanos = System.nanoTime() - startNanos;
    assertTrue(nanos < AT_ONCE_NANOS, () -> what + " took " + nanos / 1_000_000 + " ms");
  }
}
