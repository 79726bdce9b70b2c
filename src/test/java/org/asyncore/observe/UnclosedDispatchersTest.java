package org.asyncore.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Warnings;
import org.asyncore.fixture.Wiring;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dispatchers that nobody closed. */
class UnclosedDispatchersTest {
  private static final String NAME = Forgotten.class.getName().replace("$", "\\$");

  private static final class Forgotten extends Dispatcher {
    Forgotten(SocketMap map) {
      super(map);
    }
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void oneThatLeftItsMapOpenIsWarnedOf(Wiring wiring) {
    wiring.assumeAvailable();
    SocketMap map = new SocketMap(wiring.transport());
    try (Warnings warnings = new Warnings()) {
      leaveOpen(map, new UnclosedDispatchers()).delChannel();
      String line = onlyLine(warnings);
      assertTrue(line.matches("WARNING unclosed dispatcher " + NAME + " \\(number \\d+\\)"), line);
    }
    assertTrue(map.isEmpty());
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void oneThatIsDroppedWithItsMapIsWarnedOfAndSaidWhereItWasOpened(Wiring wiring) {
    wiring.assumeAvailable();
    try (Warnings warnings = new Warnings()) {
      leaveOpen(new SocketMap(wiring.transport()), new UnclosedDispatchers(2));
      String line = onlyLine(warnings);
      String here = getClass().getName() + ".leaveOpen(UnclosedDispatchersTest.java:";
      assertTrue(line.contains(", opened at " + here), line);
      assertEquals(2, line.split("UnclosedDispatchersTest.java:", -1).length - 1, line);
    }
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void oneThatWasClosedIsNot(Wiring wiring) {
    wiring.assumeAvailable();
    try (Warnings warnings = new Warnings()) {
      UnclosedDispatchers observer = new UnclosedDispatchers();
      SocketMap map = new SocketMap(wiring.transport());
      leaveOpen(map, observer).close();
      leaveOpen(map, observer).delChannel(); // Its warning shows that the collector has been there.
      onlyLine(warnings);
    }
  }

  @Test
  void fewerThanNoFramesAreRefused() {
    assertEquals(
        "frames < 0: -1",
        assertThrows(IllegalArgumentException.class, () -> new UnclosedDispatchers(-1))
            .getMessage());
  }

  /** In a frame of its own, so that nothing refers to the dispatcher afterwards. */
  private static Dispatcher leaveOpen(SocketMap map, UnclosedDispatchers observer) {
    map.observer(observer);
    Forgotten forgotten = new Forgotten(map);
    forgotten.createSocket();
    return forgotten;
  }

  /** Without what is said of the map. */
  private static List<String> unclosed(Warnings warnings) {
    return warnings.lines().stream().filter(line -> line.contains(" unclosed ")).toList();
  }

  private static String onlyLine(Warnings warnings) {
    for (int i = 0; unclosed(warnings).isEmpty(); i++) {
      assertTrue(i < 1000, "no warning after 1000 collections");
      System.gc();
      LockSupport.parkNanos(10_000_000);
    }
    List<String> lines = unclosed(warnings);
    assertEquals(1, lines.size(), lines::toString);
    return lines.get(0);
  }
}
