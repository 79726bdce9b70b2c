package org.asyncore.compat.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.asyncore.compat.process.Played;
import org.asyncore.compat.scenario.Mode;
import org.asyncore.compat.scenario.Scenario;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Does the library behave like CPython's asyncore? Each scenario, in each mode, on each transport;
 * see {@link Settings} for what can be asked of a run, and compat-tests/README.md.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompatIT {
  private final Settings settings = Settings.ofSystem();
  private final List<Case> cases = new ArrayList<>();
  private final List<Result> results = new ArrayList<>();
  private Judge judge;
  private Differences differences;
  private Ahead ahead;

  @BeforeAll
  void begin() throws IOException {
    differences = Differences.read(Differences.fileOf(settings.variant(), settings.with()));
    judge = new Judge(settings.folders(), differences);
    Files.createDirectories(settings.report());
    for (String transport : settings.transports()) {
      Files.deleteIfExists(Ahead.errors(settings.report(), transport));
    }
    for (Path file : settings.folders().files()) {
      Scenario scenario = Scenario.read(file);
      if (!settings.only().matches(scenario.name())) continue;
      for (Mode mode : scenario.modes()) {
        for (String transport : settings.transports()) {
          cases.add(new Case(file, scenario, mode, transport));
        }
      }
    }
    ahead = new Ahead(cases, settings.transports(), settings.report());
  }

  @TestFactory
  Stream<DynamicTest> scenario() {
    return cases.stream()
        .map(tried -> DynamicTest.dynamicTest(tried.toString(), () -> check(tried)));
  }

  private void check(Case tried) throws InterruptedException, ExecutionException {
    Result result = judge.judge(tried, ahead.of(tried));
    results.add(result);
    if (result.outcome() == Outcome.FAILED) fail(tried + "\n" + result.why());
  }

  @TestFactory
  Stream<DynamicTest> difference() {
    if (!settings.isOurs()) return Stream.empty(); // Only some were played.
    return differences.lines().stream()
        .filter(line -> settings.transports().stream().anyMatch(line.transport()::matches))
        .map(line -> DynamicTest.dynamicTest(line.toString(), () -> check(line)));
  }

  private void check(Differences.Line line) throws IOException {
    assertTrue(cases.stream().anyMatch(line::matches), () -> "no scenario: " + line);
    assertTrue(line.hasEntry(), () -> "no entry in " + Differences.ENTRIES + ": " + line);
  }

  @TestFactory
  Stream<DynamicTest> noBufferIsLost() {
    return settings.transports().stream()
        .map(transport -> DynamicTest.dynamicTest(transport, () -> checkLeaks(transport)));
  }

  private void checkLeaks(String transport)
      throws IOException, InterruptedException, ExecutionException {
    if (cases.isEmpty()) return;
    Played collected = ahead.collected(transport);
    assertNull(collected.problem());
    Path errors = Ahead.errors(settings.report(), transport);
    List<String> leaks =
        Files.readAllLines(errors).stream().filter(line -> line.contains("LEAK:")).toList();
    assertEquals(List.of(), leaks, () -> "see " + errors);
  }

  @Test
  void somethingIsPlayed() {
    assertFalse(cases.isEmpty(), () -> settings.folders().scenarios() + ": no " + settings.only());
  }

  @AfterAll
  void end() throws IOException {
    ahead.close();
    new Report(settings, Versions.ofThisRun(), results).write(settings.report());
  }
}
