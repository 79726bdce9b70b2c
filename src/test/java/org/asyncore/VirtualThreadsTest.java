package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.Warnings;
import org.asyncore.fixture.Wiring;
import org.asyncore.internal.VirtualThreads;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Which threads a loop warns of. */
@ParameterizedClass
@MethodSource("org.asyncore.fixture.Wiring#transports")
class VirtualThreadsTest {
  private static final int FIRST_JAVA = 21;

  private final SocketMap map;

  VirtualThreadsTest(Wiring wiring) {
    wiring.assumeAvailable();
    map = new SocketMap(wiring.transport());
    Dispatcher idle = new Dispatcher(map);
    idle.createSocket();
    idle.bind("127.0.0.1", 0);
    idle.listen(1); // A pass has somebody to ask.
  }

  @AfterEach
  void close() throws InterruptedException {
    Asyncore.closeAll(map);
  }

  /** Two loops and a pass over one map. */
  private Void loop() throws InterruptedException {
    Passes.one(map, false);
    Passes.one(map, true);
    Asyncore.poll(0, map);
    return null;
  }

  @Test
  void aPlatformThreadIsAPlaceForALoop() throws InterruptedException {
    assertFalse(VirtualThreads.isCurrent());
    try (Warnings warnings = new Warnings()) {
      loop();
      assertEquals(0, warnings.lines().size(), () -> "" + warnings.lines());
    }
  }

  /** Java 17 has none, and the profile projects runs one on a later Java. */
  @Test
  void aVirtualThreadIsNoneOnEpollWhichIsSaidOnce() throws Exception {
    assumeTrue(Runtime.version().feature() >= FIRST_JAVA, "no virtual threads on this Java");
    try (Warnings warnings = new Warnings()) {
      FutureTask<Void> looped = virtually(this::loop);
      looped.get(30, TimeUnit.SECONDS);
      boolean isEpoll = map.transport().name().equals("epoll");
      assertEquals(isEpoll ? 1 : 0, warnings.lines().size(), () -> "" + warnings.lines());
      String line = String.join("", warnings.lines());
      assertEquals(isEpoll, line.contains("loop() on a virtual thread holds its carrier"), line);
    }
  }

  private static FutureTask<Void> virtually(Callable<Void> work) throws Exception {
    FutureTask<Void> task = new FutureTask<>(work);
    Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
    return task;
  }
}
