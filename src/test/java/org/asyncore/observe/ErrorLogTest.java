package org.asyncore.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.ScriptedSocket;
import org.junit.jupiter.api.Test;

/** What callbacks throw, in a log. */
class ErrorLogTest {
  private static final long SECOND = 1_000_000_000L;

  private final CallLog calls = CallLog.of(ScriptedSocket.connected().feed("x"));
  private final Kept kept = new Kept();
  private long now;

  @Test
  void tellsTheExceptionTheDispatcherAndTheCallback() {
    IllegalStateException thrown = new IllegalStateException("boom");
    calls.map().observer(new ErrorLog(kept));
    calls.dispatcher().wants(true, false).on("handleError", d -> {});
    calls
        .dispatcher()
        .on(
            "handleRead",
            d -> {
              throw thrown;
            });
    calls.pass();
    assertEquals(1, kept.lines.size(), kept.lines::toString);
    assertTrue(
        kept.lines
            .get(0)
            .matches(
                "ERROR handleReadEvent of org\\.asyncore\\.fixture\\.RecordingDispatcher"
                    + " \\(number \\d+.*\\) threw"),
        kept.lines::toString);
    assertSame(thrown, kept.thrown.get(0));
  }

  @Test
  void aFaultThatGoesOnIsLoggedTenTimesAMinuteAndTheRestCounted() {
    ErrorLog log = new ErrorLog(kept, () -> now);
    for (int i = 0; i < 25; i++) log.failed(calls.dispatcher(), new IllegalStateException());
    assertEquals(10, kept.lines.size());
    log.failed(calls.dispatcher(), new IllegalArgumentException()); // Another fault.
    assertEquals(11, kept.lines.size());
    now = 60 * SECOND;
    log.failed(calls.dispatcher(), new IllegalStateException());
    assertTrue(
        kept.lines.get(11).endsWith(" threw; 15 like it were left out"), kept.lines::toString);
    log.failed(calls.dispatcher(), new IllegalStateException());
    assertTrue(kept.lines.get(12).endsWith(" threw"), kept.lines::toString);
  }

  /** A logger that keeps what it gets. */
  private static final class Kept implements System.Logger {
    final List<String> lines = new ArrayList<>();
    final List<Throwable> thrown = new ArrayList<>();

    @Override
    public String getName() {
      return "kept";
    }

    @Override
    public boolean isLoggable(Level level) {
      return true;
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String message, Throwable cause) {
      lines.add(level + " " + message);
      thrown.add(cause);
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String format, Object... params) {
      lines.add(level + " " + format);
    }
  }
}
