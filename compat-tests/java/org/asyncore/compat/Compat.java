package org.asyncore.compat;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.asyncore.compat.fuzz.Fuzz;
import org.asyncore.compat.play.Player;
import org.asyncore.compat.process.Python;
import org.asyncore.compat.process.Watchdog;
import org.asyncore.compat.scenario.Mode;
import org.asyncore.compat.scenario.Scenario;

/** The command line: plays one scenario, or many random ones. */
public final class Compat {
  private static final String USAGE =
      """
      play SCENARIO.json [--mode select|poll] [--transport epoll|nio|memory]
          prints its trace
      fuzz [--seeds N] [--from SEED] [--transport epoll|nio|memory] [--out FOLDER]
          plays random scenarios, and compares with CPython
      """;

  private Compat() {}

  /** Ends with status 1 if something differs, and 2 if it does not understand. */
  public static void main(String[] args) throws IOException, InterruptedException {
    int status;
    try {
      Arguments arguments = new Arguments(args);
      status =
          switch (arguments.isEmpty() ? "" : arguments.word(0)) {
            case "play" -> play(arguments);
            case "fuzz" -> fuzz(arguments);
            default -> throw new IllegalArgumentException("play what?");
          };
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n" + USAGE);
      status = 2;
    }
    if (status != 0) System.exit(status);
  }

  private static int play(Arguments arguments) throws IOException {
    Scenario scenario = Scenario.read(Path.of(arguments.word(1)));
    String mode = arguments.option("--mode", null);
    String transport = arguments.option("--transport", null);
    arguments.needNoMore();
    if (transport != null) System.setProperty("org.asyncore.transport", transport);
    PrintStream out = System.out;
    Player player = new Player();
    PrintStream err = System.err;
    Watchdog watchdog = new Watchdog(player::standing, standing -> giveUp(err, standing));
    for (Mode played : mode == null ? scenario.modes() : List.of(Mode.of(mode))) {
      if (mode == null) out.println("# " + played.text());
      watchdog.begin();
      for (String line : player.play(scenario, played)) out.println(line);
      watchdog.end();
    }
    return 0;
  }

  private static void giveUp(PrintStream err, String standing) {
    err.println(standing);
    Runtime.getRuntime().halt(3); // Whatever hangs may hang a shutdown hook as well.
  }

  private static int fuzz(Arguments arguments) throws IOException, InterruptedException {
    int seeds = Integer.parseInt(arguments.option("--seeds", "200"));
    long first = Long.parseLong(arguments.option("--from", "1"));
    List<String> transports = List.of(arguments.option("--transport", "epoll,nio").split(",", -1));
    Path folder = Path.of(arguments.option("--out", "target/compat/fuzz"));
    arguments.needNoMore();
    Python python = Python.find().orElseThrow(() -> new IOException("no CPython 3.11 on the path"));
    return new Fuzz(python, transports, folder, System.out).run(first, seeds) == 0 ? 0 : 1;
  }
}
