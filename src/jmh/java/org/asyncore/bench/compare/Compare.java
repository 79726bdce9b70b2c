package org.asyncore.bench.compare;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.asyncore.bench.load.Scenario;

/**
 * Compares servers: the same load, in turns, in one run.
 *
 * <pre>
 * for each scenario
 *   for each launch              new processes, all servers side by side, each with its load
 *     each server warms up
 *     for each round             A B C, then B C A, ...: whatever the machine does, all have it
 *       one server works, the others rest; its CPU time, its answers, its memory are one line
 *       if the machine had other work meanwhile, it works again later, as long as patience lasts
 * </pre>
 *
 * <p>A ratio is that of two servers in the same round; what is told is the median of the rounds and
 * its 90% interval.
 */
public final class Compare {
  private static final int MOST_LATE_ROUNDS = 5;
  private static final long PAUSE_NANOS = 2_000_000_000L;

  private final CommandLine options;
  private final Machine machine;
  private final Results results;

  private Compare(CommandLine options, Machine machine, Results results) {
    this.options = options;
    this.machine = machine;
    this.results = results;
  }

  /** See {@code --help}. */
  public static void main(String[] args) throws IOException {
    if (List.of(args).contains("--help")) {
      System.out.print(CommandLine.USAGE);
      return;
    }
    CommandLine options = CommandLine.parse(args);
    Machine machine = Machine.find();
    Properties facts = machine.describe();
    facts.setProperty("date", LocalDate.now(ZoneOffset.UTC).toString());
    facts.setProperty("options", String.join(" ", args));
    facts.setProperty("server.jvm", String.join(" ", options.jvm()));
    boolean appends = options.append() && Results.areIn(options.out());
    if (appends) Results.addTo(facts, options.out());
    try (Results results = new Results(options.out(), facts, appends ? kept(options) : List.of())) {
      for (ServerKind kind : options.servers()) {
        String refusal = machine.refusal(kind);
        if (refusal != null) System.out.println("without " + kind.id() + ": " + refusal);
      }
      Compare compare = new Compare(options, machine, results);
      for (Scenario scenario : options.scenarios()) {
        compare.measure(options.within(scenario, machine));
      }
    }
  }

  /** What an earlier run measured in other scenarios. */
  private static List<Slice> kept(CommandLine options) throws IOException {
    return Results.read(options.out()).stream()
        .filter(slice -> !options.scenarios().contains(slice.about()))
        .toList();
  }

  private void measure(Scenario scenario) throws IOException {
    List<ServerKind> kinds =
        options.servers().stream()
            .filter(kind -> kind.serves(scenario) && machine.refusal(kind) == null)
            .toList();
    // Buffers that grew for late readers stay: only the first round of a launch tells how much.
    boolean onlyOnce = scenario.shape() == Scenario.Shape.LATE;
    int rounds = onlyOnce ? Math.min(options.rounds(), MOST_LATE_ROUNDS) : options.rounds();
    int launches = onlyOnce ? rounds : Math.min(options.launches(), rounds);
    List<Slice> slices = new ArrayList<>();
    for (int launch = 1; launch <= launches; launch++) {
      int first = rounds * (launch - 1) / launches + 1;
      int last = rounds * launch / launches;
      slices.addAll(launch(scenario, kinds, launch, first, last));
    }
    System.out.printf(
        "%n%s: %s; %d rounds, %d launches%n%s",
        scenario.name(), scenario.title(), rounds, launches, TextTable.of(slices, kinds));
    if (scenario.idle() != Scenario.named(scenario.name()).idle()) {
      System.out.println("only " + scenario.idle() + " silent connections");
    }
  }

  private List<Slice> launch(
      Scenario scenario, List<ServerKind> kinds, int launch, int firstRound, int lastRound)
      throws IOException {
    int patience = scenario.shape() == Scenario.Shape.LATE ? 0 : options.patience();
    List<Slice> slices = new ArrayList<>();
    List<Lane> lanes = new ArrayList<>();
    try {
      for (ServerKind kind : kinds) lanes.add(new Lane(scenario, kind, launch, machine, options));
      for (Lane lane : lanes) lane.warm(options.warmupMillis());
      for (int round = firstRound; round <= lastRound; round++) {
        for (Lane lane : lanes) slices.add(calm(lane, round, patience));
        Collections.rotate(lanes, -1);
      }
    } finally {
      for (Lane lane : lanes) lane.close();
    }
    return slices;
  }

  /** A slice in which the machine had nothing else to do, or the last one that may be tried. */
  private Slice calm(Lane lane, int round, int patience) throws IOException {
    Slice slice = lane.run(round, options.millis());
    for (int left = patience; left > 0 && slice.isDisturbed(); left--) {
      LockSupport.parkNanos(PAUSE_NANOS);
      slice = lane.run(round, options.millis());
    }
    results.add(slice);
    return slice;
  }
}
