package org.asyncore.compat.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.asyncore.compat.json.Json;
import org.asyncore.compat.process.Played;
import org.asyncore.compat.scenario.Fields;
import org.asyncore.compat.scenario.Mode;
import org.asyncore.compat.scenario.Scenario;
import org.asyncore.compat.scenario.Traces;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeTest {
  private static final String END = "{\"s\": 0, \"end\": \"scenario\"}";
  private static final String OTHER = "{\"s\": 1, \"end\": \"scenario\"}";

  @TempDir private Path folder;
  private Judge judge;
  private Case onEpoll;
  private Case onNio;

  @BeforeEach
  void storeATraceAndAListOfDifferences() throws IOException {
    Files.writeString(folder.resolve("it.poll.jsonl"), END + "\n");
    Path list = Files.writeString(folder.resolve("list"), "# nothing\n\ni*  *  nio  entry # why\n");
    judge = new Judge(new Traces(folder, folder), Differences.read(list));
    Scenario scenario =
        Scenario.of(Fields.asObject(Json.parse("{\"name\":\"it\",\"channels\":{},\"steps\":[]}")));
    onEpoll = new Case(folder.resolve("it.json"), scenario, Mode.POLL, "epoll");
    onNio = new Case(folder.resolve("it.json"), scenario, Mode.POLL, "nio");
  }

  private Result judge(Case tried, String line) {
    return judge.judge(tried, new Played(List.of(line), null));
  }

  @Test
  void theSameTracePasses() {
    assertEquals(Outcome.PASSED, judge(onEpoll, END).outcome());
  }

  @Test
  void anotherTraceFails() {
    Result result = judge(onEpoll, OTHER);
    assertEquals(Outcome.FAILED, result.outcome());
    assertTrue(result.why().contains("first difference in line 1"), result::why);
  }

  @Test
  void aDifferenceOfTheListCountsUnderItsName() {
    Result result = judge(onNio, OTHER);
    assertEquals(Outcome.NAMED, result.outcome());
    assertEquals("entry", result.entry());
  }

  @Test
  void aDifferenceOfTheListThatIsGoneFails() {
    assertEquals(Outcome.FAILED, judge(onNio, END).outcome());
  }

  @Test
  void aScenarioThatCannotBePlayedIsNoDifferenceOfTheList() {
    Result result = judge.judge(onNio, new Played(List.of(OTHER), "hangs"));
    assertEquals(Outcome.FAILED, result.outcome());
    assertTrue(result.why().startsWith("hangs\n"), result::why);
  }

  @Test
  void withoutATraceOfCPythonsItFails() {
    Case elsewhere = new Case(folder.resolve("it.json"), onEpoll.scenario(), Mode.SELECT, "epoll");
    assertEquals(Outcome.FAILED, judge(elsewhere, END).outcome());
  }
}
