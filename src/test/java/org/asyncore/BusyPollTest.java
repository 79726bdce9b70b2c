package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.Wiring;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A pass that spins ends for all that ends one that sleeps. */
@ParameterizedClass
@MethodSource("org.asyncore.fixture.Wiring#transports")
class BusyPollTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final double HOUR_SECONDS = 3600;

  private final Wiring wiring;
  private final Loopback loopback;
  private final Loopback.Linked a;

  BusyPollTest(Wiring wiring) {
    this.wiring = wiring;
    loopback = new Loopback(wiring);
    a = loopback.link("a");
    a.dispatcher().wants(true, false);
  }

  @AfterEach
  void close() {
    loopback.close();
  }

  private Other<Void> spin(double timeoutSeconds) {
    loopback.map().busyPoll(LONG);
    Other<Void> loop =
        Other.thread(
            "spins",
            () -> {
              Asyncore.loop(timeoutSeconds, wiring.usePoll(), loopback.map(), 1);
              return null;
            });
    return loop.awaitIn("runIo");
  }

  @Test
  void thePassEndsAtItsTimeout() {
    long start = System.nanoTime();
    spin(0.03).result();
    assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(30));
  }

  @Test
  void anEventEndsIt() {
    Other<Void> loop = spin(HOUR_SECONDS);
    a.peer().send("x");
    loop.result();
    assertEquals("a handleRead", String.join(" ", loopback.calls()));
  }

  @Test
  void anInterruptEndsIt() {
    Other<Void> loop = spin(HOUR_SECONDS);
    loop.thread().interrupt();
    assertInstanceOf(InterruptedException.class, loop.failure());
  }

  @Test
  void aWakeUpEndsIt() {
    Other<Void> loop = spin(HOUR_SECONDS);
    loopback.map().wakeup();
    loop.result();
  }

  @Test
  void aChangedInterestEndsIt() {
    Other<Void> loop = spin(HOUR_SECONDS);
    a.dispatcher().interestChanged();
    loop.result();
  }

  @Test
  void anotherThreadsCallIsLetIn() {
    Other<Void> loop = spin(HOUR_SECONDS);
    assertNotNull(a.dispatcher().socket().getsockname());
    loopback.map().wakeup();
    loop.result();
  }

  @Test
  void itSleepsWhenTheSpinIsOver() {
    loopback.map().busyPoll(Duration.ofNanos(1));
    long start = System.nanoTime();
    for (int i = 0; i < 3; i++) {
      loopback.pass();
      Passes.loop(0.01, wiring.usePoll(), loopback.map(), 1);
    }
    assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(30));
  }

  @Test
  void whatIsNoDurationIsRefusedAndChangesNothing() {
    SocketMap map = loopback.map();
    assertEquals(Duration.ZERO, map.busyPoll());
    map.busyPoll(Duration.ofMillis(2));
    assertEquals(
        "busyPoll < 0: PT-1S",
        assertThrows(IllegalArgumentException.class, () -> map.busyPoll(Duration.ofSeconds(-1)))
            .getMessage());
    assertEquals(
        "busyPoll is null",
        assertThrows(NullPointerException.class, () -> map.busyPoll(null)).getMessage());
    assertEquals(Duration.ofMillis(2), map.busyPoll());
    map.busyPoll(Duration.ofSeconds(Long.MAX_VALUE));
    assertEquals(Duration.ofNanos(Long.MAX_VALUE), map.busyPoll());
  }
}
