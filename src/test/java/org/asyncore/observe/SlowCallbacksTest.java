package org.asyncore.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.asyncore.Callback;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.Warnings;
import org.junit.jupiter.api.Test;

/** Warnings of callbacks that take long. */
class SlowCallbacksTest {
  private final CallLog calls = CallLog.of(ScriptedSocket.connected().feed("x"));

  @Test
  void aCallbackAboveTheLimitIsNamed() {
    calls.map().observer(new SlowCallbacks(Duration.ofMillis(1)));
    calls.dispatcher().wants(true, false).on("handleRead", d -> takeMillis(2));
    try (Warnings warnings = new Warnings()) {
      calls.pass();
      List<String> lines = warnings.lines();
      assertEquals(1, lines.size(), lines::toString);
      assertTrue(
          lines
              .get(0)
              .matches(
                  "WARNING handleReadEvent of org\\.asyncore\\.fixture\\.RecordingDispatcher"
                      + " \\(number \\d+ .*:\\d+\\) took \\d+\\.\\d ms"),
          lines::toString);
    }
  }

  private static void takeMillis(long millis) {
    long began = System.nanoTime();
    while (System.nanoTime() - began < millis * 1_000_000) Thread.onSpinWait();
  }

  @Test
  void theLimitIsAHundredMillisecondsUnlessSet() {
    SlowCallbacks slow = new SlowCallbacks();
    try (Warnings warnings = new Warnings()) {
      slow.callbackEnded(calls.dispatcher(), Callback.WRITE, 99_999_999);
      assertEquals(List.of(), warnings.lines());
      slow.callbackEnded(calls.dispatcher(), Callback.WRITE, 100_000_000);
      assertEquals(1, warnings.lines().size());
    }
  }

  @Test
  void aLimitOfAgesWarnsOfNothing() {
    SlowCallbacks patient = new SlowCallbacks(Duration.ofSeconds(Long.MAX_VALUE));
    try (Warnings warnings = new Warnings()) {
      patient.callbackEnded(calls.dispatcher(), Callback.READ, Long.MAX_VALUE - 1);
      assertEquals(List.of(), warnings.lines());
    }
  }

  @Test
  void aLimitOfNothingIsRefused() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> new SlowCallbacks(Duration.ZERO))
            .getMessage();
    assertEquals("limit <= 0: PT0S", message);
  }
}
