package org.asyncore.compat.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Logger;
import org.asyncore.compat.json.Json;
import org.asyncore.compat.play.Player;
import org.asyncore.compat.scenario.Fields;
import org.asyncore.compat.scenario.Mode;
import org.asyncore.compat.scenario.Scenario;

/**
 * Plays what standard input asks for, and answers on standard output; a line for each, as JSON.
 *
 * <pre>
 * asked     {"scenario": FILE, "mode": MODE}
 * answered  {"lines": [TRACE LINE, …]}, and {"problem": TEXT} if it got no further
 * asked     {"collect": FILE}: collect garbage, and play so that leaks are reported on stderr
 * answered  {"lines": []}
 * </pre>
 *
 * <p>First of all it answers an empty object, or that there is no such transport here.
 */
public final class PlayerMain {
  private static final int COLLECTIONS = 3;

  private final PrintStream answers;
  private final Player player;
  private final Watchdog watchdog;

  private PlayerMain(PrintStream answers) {
    this.answers = answers;
    player = new Player();
    watchdog = new Watchdog(player::standing, this::giveUp);
  }

  /** Plays until standard input ends. */
  public static void main(String[] args) throws IOException {
    PrintStream answers = System.out;
    System.setOut(System.err); // What is printed outside a scenario is no answer.
    Logger.getLogger("").getHandlers(); // Their stream is chosen now, not while a trace is written.
    PlayerMain main;
    try {
      main = new PlayerMain(answers);
    } catch (RuntimeException | LinkageError e) {
      answers.println(Json.write(Map.of("problem", e.toString())));
      return;
    }
    answers.println("{}");
    BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line; (line = asked.readLine()) != null; ) main.answer(line);
  }

  private void answer(String line) {
    Fields asked = new Fields(Fields.asObject(Json.parse(line)));
    Map<String, Object> answer = new LinkedHashMap<>();
    watchdog.begin();
    try {
      if (asked.has("collect")) {
        collect(asked.text("collect"));
        answer.put("lines", List.of());
      } else {
        Scenario scenario = Scenario.read(Path.of(asked.text("scenario")));
        answer.put("lines", player.play(scenario, Mode.of(asked.text("mode"))));
      }
    } catch (IOException | RuntimeException | Error e) {
      answer.put("problem", "at " + player.standing() + "\n" + Watchdog.stackOf(e));
      answer.put("lines", player.lines());
    }
    watchdog.end();
    answers.println(Json.write(answer));
  }

  private void collect(String file) throws IOException {
    Scenario scenario = Scenario.read(Path.of(file));
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      player.play(scenario, scenario.modes().get(0)); // Netty reports at some later allocation.
    }
  }

  private void giveUp(String standing) {
    answers.println(Json.write(Map.of("problem", standing, "lines", player.lines())));
    answers.flush();
    Runtime.getRuntime().halt(1); // Whatever hangs may hang a shutdown hook as well.
  }
}
