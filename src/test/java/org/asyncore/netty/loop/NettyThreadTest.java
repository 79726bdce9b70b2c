package org.asyncore.netty.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.ArrayList;
import java.util.List;
import org.asyncore.Asyncore;
import org.asyncore.ExitNow;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.Wiring;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Netty's view of the thread that is inside an endless loop. */
@ParameterizedClass
@MethodSource("org.asyncore.fixture.Wiring#transports")
class NettyThreadTest {
  private final Wiring wiring;
  private final Loopback loopback;
  private final Loopback.Linked a;
  private final List<Boolean> recycles = new ArrayList<>();

  NettyThreadTest(Wiring wiring) {
    this.wiring = wiring;
    loopback = new Loopback(wiring);
    a = loopback.link("a");
    a.dispatcher().wants(true, false);
    a.peer().send("x");
    a.dispatcher()
        .on(
            "handleRead",
            d -> {
              recycles.add(recycles());
              d.close();
            });
  }

  @AfterEach
  void close() {
    loopback.close();
  }

  private static boolean recycles() {
    return FastThreadLocalThread.currentThreadWillCleanupFastThreadLocals();
  }

  private Void endlessLoop() throws InterruptedException {
    Asyncore.loop(1, wiring.usePoll(), loopback.map());
    return null;
  }

  @Test
  void anEndlessLoopsThreadRecyclesAndOnlyInTheLoop() {
    ThreadLocal<String> kept = ThreadLocal.withInitial(() -> "initial");
    Other.thread(
            "loops",
            () -> {
              kept.set("kept");
              endlessLoop();
              recycles.add(recycles());
              recycles.add(kept.get().equals("kept"));
              return null;
            })
        .result();
    assertEquals(List.of(true, false, true), recycles);
  }

  @Test
  void aLoopWithACountLeavesItsThreadAlone() {
    loopback.until(() -> !recycles.isEmpty(), "a read");
    assertEquals(List.of(false), recycles);
  }

  @Test
  void aNestedLoopStaysInTheOuterOne() {
    a.dispatcher().wants(false, false); // Not in the passes that link another one.
    Loopback.Linked b = loopback.link("b");
    a.dispatcher().wants(true, false);
    b.peer().send("y");
    b.dispatcher()
        .wants(true, false)
        .on(
            "handleRead",
            d -> {
              d.close();
              loopback.loop();
              recycles.add(recycles());
            });
    Other.thread("loops", this::endlessLoop).result();
    assertEquals(List.of(true, true), recycles);
    assertTrue(loopback.map().isEmpty());
  }

  @Test
  void whatLeavesTheLoopLeavesTheThreadAsItWas() {
    a.dispatcher()
        .on(
            "handleRead",
            d -> {
              throw new ExitNow();
            });
    Other<Void> loop =
        Other.thread(
            "loops",
            () -> {
              assertThrows(ExitNow.class, this::endlessLoop);
              assertFalse(recycles());
              return null;
            });
    loop.result();
    assertFalse(loopback.map().isEmpty());
  }

  @Test
  void anInterruptLeavesTheLoopAsItself() {
    a.dispatcher().on("handleRead", d -> d.recv(9));
    Other<Void> loop = Other.thread("loops", this::endlessLoop).awaitIn("runIo");
    loop.thread().interrupt();
    assertInstanceOf(InterruptedException.class, loop.failure());
  }

  @Test
  void aThreadOfNettysStaysWhatItIs() throws InterruptedException {
    Thread thread =
        new FastThreadLocalThread(
            () -> {
              try {
                endlessLoop();
              } catch (InterruptedException e) {
                throw new AssertionError("interrupted in the loop", e);
              }
              recycles.add(recycles());
            });
    thread.start();
    thread.join(10_000);
    assertFalse(thread.isAlive(), "a loop that has not ended after 10 s");
    assertEquals(List.of(true, true), recycles);
  }
}
