package org.asyncore.bench.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.asyncore.bench.load.Sample;
import org.asyncore.bench.load.Scenario;

/**
 * A server and the load of its own, for one launch. Both rest while another lane works; their
 * connections stay open.
 */
final class Lane implements AutoCloseable {
  private static final int SERVER_CORE = 0;
  private static final int LOAD_CORE = 1;

  /** Which share of the CPU time a resting compiler may take. */
  private static final double RESTING = 0.03;

  private static final int MOST_WARMUPS = 20;
  private static final int WARMUP_STEP_MILLIS = 1000;

  private final Scenario scenario;
  private final ServerKind kind;
  private final int launch;
  private final Child server;
  private final Child load;
  private final ProcFiles files;
  private final ProcFiles loadFiles;
  private final long openedNanos;

  Lane(Scenario scenario, ServerKind kind, int launch, Machine machine, CommandLine options)
      throws IOException {
    this.scenario = scenario;
    this.kind = kind;
    this.launch = launch;
    List<String> command = kind.command(scenario, machine, options);
    server = new Child(kind.id(), machine.pinned(SERVER_CORE, command));
    Child started = null;
    try {
      long port = server.hear("listening");
      files = new ProcFiles(server.pid());
      started = new Child("load of " + kind.id(), loadCommand(machine, options, port));
      openedNanos = started.hear("opened");
    } catch (IOException | RuntimeException failed) {
      if (started != null) started.close();
      server.close();
      throw failed;
    }
    load = started;
    loadFiles = new ProcFiles(load.pid());
  }

  private List<String> loadCommand(Machine machine, CommandLine options, long port)
      throws IOException {
    List<String> command = new ArrayList<>(machine.java());
    command.addAll(options.tls(scenario));
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx256m"));
    command.addAll(List.of("org.asyncore.bench.load.LoadMain", scenario.name()));
    command.addAll(List.of(Integer.toString(scenario.idle()), Long.toString(port)));
    return machine.pinned(LOAD_CORE, command);
  }

  ServerKind kind() {
    return kind;
  }

  /** Has the server work until its compiler rests, but not for ever. */
  void warm(long millis) throws IOException {
    double compiling = 1;
    for (int i = 0; i < MOST_WARMUPS && compiling > RESTING; i++) {
      ProcFiles.Cpu before = files.cpu();
      load.tell("warm " + (i == 0 ? millis : WARMUP_STEP_MILLIS));
      load.hear("warm");
      ProcFiles.Cpu cpu = files.cpu().since(before);
      compiling = (double) cpu.compiling() / (cpu.compiling() + cpu.work());
    }
  }

  /** Has the server work for a time. */
  Slice run(int round, long millis) throws IOException {
    long heldKib = 0;
    long memory = scenario.shape() == Scenario.Shape.LATE ? memoryKib() : 0;
    long allocated = allocated();
    ProcFiles.Cpu loadBefore = loadFiles.cpu();
    ProcFiles.Cpu before = files.cpu();
    load.tell("run " + millis);
    String line = load.hear();
    if (line.equals("holding")) {
      heldKib = memoryKib() - memory;
      load.tell("go");
      line = load.hear();
    }
    ProcFiles.Cpu cpu = files.cpu().since(before);
    long allocatedBytes = allocated < 0 ? -1 : allocated() - allocated;
    return new Slice(
        scenario.name(),
        kind.id(),
        launch,
        round,
        Sample.parse(line),
        cpu.work(),
        cpu.compiling(),
        cpu.waited() + loadFiles.cpu().since(loadBefore).waited(),
        allocatedBytes,
        files.residentKib(),
        heldKib,
        openedNanos);
  }

  private long allocated() throws IOException {
    return kind.isPython() ? -1 : server.ask("allocated");
  }

  /** What is in use: the heap is touched from the start, so what it holds is added to the rest. */
  private long memoryKib() throws IOException {
    long heapKib = kind.isPython() ? 0 : server.ask("heap") >> 10;
    return files.residentKib() + heapKib;
  }

  @Override
  public void close() throws IOException {
    try {
      load.close();
    } finally {
      server.close();
    }
  }
}
