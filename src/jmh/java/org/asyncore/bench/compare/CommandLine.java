package org.asyncore.bench.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.asyncore.bench.TlsKeys;
import org.asyncore.bench.load.Scenario;

/** What was asked for. */
final class CommandLine {
  static final String USAGE =
      """
      --scenarios NAME,...  of the load; a name may end in * (all)
      --servers NAME,...    to compare; the first is what the others are measured against (all
                        but those with an observer)
      --rounds N            how often each server works in each scenario (15)
      --launches N          over how many launches of the processes (3)
      --millis N            how long a round is (1000)
      --warmup N            how long a server works before its first round, in ms (4000)
      --patience N          how often a server works again if it was disturbed (5)
      --idle N              silent connections where a scenario has any (10000)
      --jvm "OPTION ..."    of the servers (a heap of 128 MiB, touched, and the serial collector)
      --profile             writes a JFR recording of each server beside the results
      --append              keeps what the results have of other scenarios, if there are any
      --out FOLDER          for the results (target/bench)
      """;

  private List<Scenario> scenarios = Scenario.ALL;
  private List<ServerKind> servers =
      Stream.of(ServerKind.values()).filter(kind -> !kind.isObserved()).toList();
  private int rounds = 15;
  private int launches = 3;
  private int millis = 1000;
  private int warmupMillis = 4000;
  private int patience = 5;
  private int idle = 10_000;
  private List<String> jvm =
      List.of("-Xms128m", "-Xmx128m", "-Xmn48m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC");
  private boolean profile;
  private boolean append;
  private Path out = Path.of("target", "bench");

  /** Made when they are needed. */
  private TlsKeys keys;

  private CommandLine() {}

  static CommandLine parse(String... args) {
    CommandLine options = new CommandLine();
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--profile")) {
        options.profile = true;
        continue;
      }
      if (args[i].equals("--append")) {
        options.append = true;
        continue;
      }
      if (i + 1 == args.length) throw new IllegalArgumentException(args[i] + " without a value");
      options.set(args[i], args[++i]);
    }
    return options;
  }

  private void set(String name, String value) {
    switch (name) {
      case "--scenarios" -> scenarios = scenarios(value);
      case "--servers" -> servers = names(value).stream().map(ServerKind::named).toList();
      case "--rounds" -> rounds = atLeastOne(name, value);
      case "--launches" -> launches = atLeastOne(name, value);
      case "--millis" -> millis = atLeastOne(name, value);
      case "--warmup" -> warmupMillis = atLeastOne(name, value);
      case "--patience" -> patience = Integer.parseInt(value);
      case "--idle" -> idle = Integer.parseInt(value);
      case "--jvm" -> jvm = List.of(value.strip().split("\\s+", -1));
      case "--out" -> out = Path.of(value);
      default -> throw new IllegalArgumentException("no option " + name);
    }
  }

  private static int atLeastOne(String name, String value) {
    int number = Integer.parseInt(value);
    if (number < 1) throw new IllegalArgumentException(name + " < 1: " + value);
    return number;
  }

  private static List<String> names(String value) {
    return List.of(value.split(",", -1));
  }

  private static List<Scenario> scenarios(String value) {
    List<Scenario> chosen = new ArrayList<>();
    for (String name : names(value)) {
      if (!name.endsWith("*")) {
        chosen.add(Scenario.named(name));
        continue;
      }
      String start = name.substring(0, name.length() - 1);
      Scenario.ALL.stream().filter(each -> each.name().startsWith(start)).forEach(chosen::add);
    }
    return chosen;
  }

  List<Scenario> scenarios() {
    return scenarios;
  }

  List<ServerKind> servers() {
    return servers;
  }

  int rounds() {
    return rounds;
  }

  int launches() {
    return launches;
  }

  int millis() {
    return millis;
  }

  int warmupMillis() {
    return warmupMillis;
  }

  int patience() {
    return patience;
  }

  /** The scenario with as many silent connections as were asked for and the system allows. */
  Scenario within(Scenario scenario, Machine machine) {
    int most = Math.max(0, machine.descriptors() - 500);
    return scenario.idle() == 0 ? scenario : scenario.withIdle(Math.min(idle, most));
  }

  List<String> jvm() {
    return jvm;
  }

  /** What makes a server record itself, if that was asked for; the last launch is what stays. */
  List<String> profiling(Scenario scenario, ServerKind kind) {
    if (!profile) return List.of();
    Path file = out.resolve(scenario.name() + "-" + kind.id() + ".jfr").toAbsolutePath();
    return List.of(
        "-XX:StartFlightRecording:filename=" + file + ",dumponexit=true,settings=profile",
        "-XX:+UnlockDiagnosticVMOptions",
        "-XX:+DebugNonSafepoints");
  }

  boolean append() {
    return append;
  }

  /** What a server and a load of this scenario need to know, to speak TLS. */
  List<String> tls(Scenario scenario) throws IOException {
    if (scenario.shape() != Scenario.Shape.TLS) return List.of();
    if (keys == null) keys = TlsKeys.make(out);
    return List.of(keys.option());
  }

  Path out() {
    return out;
  }
}
