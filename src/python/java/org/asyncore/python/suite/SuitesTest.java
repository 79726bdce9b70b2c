package org.asyncore.python.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.asyncore.SocketMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * CPython's own tests of asyncore, and of what stands on it, through this library: each of its
 * modules in a process of its own. What fails and may is in {@code src/python/differences.txt};
 * what is there and passes fails here.
 */
class SuitesTest {
  private static final String LINES = "lines.txt";
  private static final Path REPORT = Path.of("target/python/report.md");
  private static final Optional<CPython> PYTHON = CPython.find();
  private static final List<SuiteResult> RESULTS = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({
    "test_asynchat, 25",
    "test_asyncore, 101",
    "test_smtpd, 153",
    "test_smtplib, 82",
    "test_poplib, 71",
    "test_ftplib, 94",
  })
  void cpythonsOwnTestsPass(String module, int count, @TempDir Path folder) throws Exception {
    Program.Ended ended = run(folder, List.of(), List.of("test." + module));
    SuiteResult result = result(folder, module);
    RESULTS.add(result);
    assertTrue(result.isWhole(), () -> module + " broke off: " + ended.output());
    assertEquals(List.of(), result.surprises(), ended::output);
    assertEquals(count, result.run(), "tests of " + module + " of " + PYTHON.get().version());
  }

  @Test
  void whatIsGraalPysFaultFailsOnItsOwnAsyncoreToo(@TempDir Path folder) throws Exception {
    List<String> tests =
        Expected.read().lines().stream()
            .filter(line -> line.entry().startsWith("graalpy-"))
            .map(Expected.Line::test)
            .toList();
    Program.Ended ended = run(folder, List.of("--own"), tests);
    Map<String, String> endings = result(folder, "GraalPy's own").endings();
    assertEquals(Set.copyOf(tests), endings.keySet(), ended::output);
    for (String test : tests) {
      assertTrue(endings.get(test).startsWith("failed"), () -> test + ": " + endings.get(test));
    }
  }

  private static Program.Ended run(Path folder, List<String> options, List<String> tests)
      throws Exception {
    assumeTrue(new SocketMap().transport().name().equals("epoll"), "no epoll here");
    assumeTrue(PYTHON.isPresent(), CPython.NONE);
    Path library = Files.createDirectories(folder.resolve("library"));
    Files.createSymbolicLink(library.resolve("test"), PYTHON.get().library().resolve("test"));
    List<String> command = new ArrayList<>();
    command.add(Path.of("src/python/suite.py").toAbsolutePath().toString());
    command.addAll(options);
    command.addAll(List.of(library.toString(), folder.resolve(LINES).toString()));
    command.addAll(tests);
    return Program.onTheLibrary(folder, command.toArray(String[]::new)).run();
  }

  private static SuiteResult result(Path folder, String module) throws IOException {
    return SuiteResult.read(module, folder.resolve(LINES), Expected.read());
  }

  @Test
  void everyExpectedFailureIsExplained() throws IOException {
    for (Expected.Line line : Expected.read().lines()) {
      assertTrue(line.hasEntry(), () -> "docs/differences.md has no entry for " + line);
    }
  }

  @AfterAll
  static void report() throws IOException {
    if (RESULTS.isEmpty()) return;
    Files.createDirectories(REPORT.getParent());
    Files.writeString(REPORT, SuiteResult.report(PYTHON.get(), RESULTS));
  }
}
