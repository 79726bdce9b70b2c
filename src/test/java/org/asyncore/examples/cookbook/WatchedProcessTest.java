package org.asyncore.examples.cookbook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.asyncore.fixture.Tool;
import org.asyncore.fixture.Wiring;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WatchedProcessTest {
  private static final String INET = "org.asyncore.fixture.Wiring#inet";

  /** Notes the lines, each with its stream, and then the exit. */
  static final class Notes implements WatchedProcess.Watcher {
    private final List<String> lines = new ArrayList<>();
    private final CompletableFuture<Integer> status = new CompletableFuture<>();

    @Override
    public void line(String stream, String line) {
      lines.add(stream + ": " + line);
    }

    @Override
    public void exited(int code) {
      status.complete(code);
    }

    CompletableFuture<Integer> status() {
      return status;
    }

    List<String> of(String stream) {
      return lines.stream()
          .filter(line -> line.startsWith(stream))
          .map(line -> line.substring(stream.length() + 2))
          .toList();
    }
  }

  static WatchedProcess watch(Kitchen kitchen, Notes notes, String... command) {
    return kitchen.on(
        map -> {
          try {
            return new WatchedProcess(List.of(command), notes, map);
          } catch (IOException failed) {
            throw new UncheckedIOException(failed);
          }
        });
  }

  private static WatchedProcess shell(Kitchen kitchen, Notes notes, String script) {
    Tool.assumePresent("sh");
    return watch(kitchen, notes, "sh", "-c", script);
  }

  @ParameterizedTest
  @MethodSource(INET)
  void linesOfBothStreamsComeAndThenTheExit(Wiring wiring) {
    try (Kitchen kitchen = new Kitchen(wiring)) {
      Notes notes = new Notes();
      shell(kitchen, notes, "echo one; echo oops >&2; cat; printf unended; exit 3");
      assertEquals(3, Kitchen.within(notes.status));
      assertEquals(List.of("one", "unended"), notes.of("stdout"));
      assertEquals(List.of("oops"), notes.of("stderr"));
      kitchen.until(() -> kitchen.map().isEmpty(), "both streams are closed");
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void aLineThatIsTooLongIsSaidAndTheNextOnesCome(Wiring wiring) {
    try (Kitchen kitchen = new Kitchen(wiring)) {
      Notes notes = new Notes();
      shell(kitchen, notes, "head -c 200000 /dev/zero | tr '\\0' x; echo; echo next");
      assertEquals(0, Kitchen.within(notes.status));
      assertEquals(2, notes.lines.size());
      assertTrue(notes.lines.get(0).startsWith("stdout: ("), notes.lines.get(0));
      assertEquals("stdout: next", notes.lines.get(1));
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void oneThatIsKilledTellsItsStatus(Wiring wiring) {
    try (Kitchen kitchen = new Kitchen(wiring)) {
      Notes notes = new Notes();
      WatchedProcess watched = shell(kitchen, notes, "echo ready; exec tail -f /dev/null");
      kitchen.until(() -> notes.lines.size() == 1, "it is ready");
      watched.process().destroyForcibly();
      assertEquals(128 + 9, Kitchen.within(notes.status));
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void aProgramThatIsNotThereLeavesNothingOpen(Wiring wiring) {
    try (Kitchen kitchen = new Kitchen(wiring)) {
      AssertionError failed =
          assertThrows(
              AssertionError.class, () -> watch(kitchen, new Notes(), "no-such-program-here"));
      assertTrue(failed.getCause().getCause() instanceof UncheckedIOException, failed::toString);
      kitchen.until(() -> kitchen.map().isEmpty(), "nothing is in the map");
    }
  }
}
