package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is refused, and that it can be taken back; what it does is tried in processes that end. */
class StopAtExitTest {
  @Test
  void whatItCannotStopIsRefused() {
    try (LoopThread loop = new LoopThread("exit")) {
      refusesNull("loop is null", () -> StopAtExit.of((LoopThread) null, Duration.ZERO));
      refusesNull("loops is null", () -> StopAtExit.of((LoopGroup) null, Duration.ZERO));
      refusesNull("drain is null", () -> StopAtExit.of(loop, null));
      refuses("drain < 0: PT-1S", () -> StopAtExit.of(loop, Duration.ofSeconds(-1)));
    }
  }

  private static void refusesNull(String message, Runnable call) {
    assertEquals(message, assertThrows(NullPointerException.class, call::run).getMessage());
  }

  private static void refuses(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  @Test
  void closingTakesItBackAndMayBeDoneTwice() {
    try (LoopThread loop = new LoopThread("exit")) {
      StopAtExit stop = StopAtExit.of(loop, Duration.ZERO);
      stop.close();
      stop.close();
    }
  }
}
