package org.asyncore.compat.suite;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.asyncore.compat.play.Variant;
import org.asyncore.compat.process.Python;
import org.asyncore.compat.scenario.Traces;

/**
 * What the system properties of a run ask for.
 *
 * <pre>
 * compat.scenarios    folder of scenarios                  compat-tests/scenarios
 * compat.traces       folder of their traces               the folder traces beside it
 * compat.only         names of scenarios, * for any text   *
 * compat.transports   transports, with commas              epoll,nio,memory; no epoll but on Linux
 * compat.variant      what stands before the channels      plain
 * compat.report       folder of the report                 target/compat
 * compat.with         what is switched on: idle, read-ahead  nothing
 * </pre>
 *
 * @param folders scenarios and traces
 * @param isOurs whether they are the project's own, all of which must be played
 * @param only which of them to play
 * @param transports on what
 * @param variant what stands before the channels
 * @param with what is switched on, with commas
 * @param report where the report goes
 */
record Settings(
    Traces folders,
    boolean isOurs,
    NamePattern only,
    List<String> transports,
    Variant variant,
    String with,
    Path report) {
  static Settings ofSystem() {
    String scenarios = System.getProperty("compat.scenarios");
    Path folder = scenarios == null ? Python.HOME.resolve("scenarios") : Path.of(scenarios);
    String traces = System.getProperty("compat.traces");
    Path stored =
        traces == null ? folder.toAbsolutePath().resolveSibling("traces") : Path.of(traces);
    String only = System.getProperty("compat.only", "*");
    boolean isLinux = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux");
    String all = isLinux ? "epoll,nio" : "nio";
    if (Variant.ofThisRun() == Variant.PLAIN) all += ",memory"; // Which has no channels.
    String transports = System.getProperty("compat.transports", all);
    return new Settings(
        new Traces(folder, stored),
        scenarios == null && only.equals("*"),
        new NamePattern(only),
        List.of(transports.split(",", -1)),
        Variant.ofThisRun(),
        System.getProperty("compat.with", ""),
        Path.of(System.getProperty("compat.report", "target/compat")));
  }
}
