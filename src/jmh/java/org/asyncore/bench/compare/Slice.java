package org.asyncore.bench.compare;

import java.util.Locale;
import org.asyncore.bench.load.Sample;
import org.asyncore.bench.load.Scenario;

/**
 * What one server did in one round: a line of the result file.
 *
 * @param scenario the scenario's name
 * @param kind the server's id
 * @param launch which processes, from 1 on
 * @param round from 1 on, over all launches
 * @param sample what the load counted
 * @param cpuNanos what the server's process spent, but for its compiler
 * @param compilingNanos what the compiler of a JVM spent
 * @param waitedNanos how long server and load waited for their cores, which others had
 * @param allocatedBytes on the server's heap; -1 where it cannot say
 * @param residentKib the server's memory after the round
 * @param heldKib how much more memory it had while late readers held; 0 in other scenarios
 * @param openedNanos how long it took to open all connections of this launch
 */
public record Slice(
    String scenario,
    String kind,
    int launch,
    int round,
    Sample sample,
    long cpuNanos,
    long compilingNanos,
    long waitedNanos,
    long allocatedBytes,
    long residentKib,
    long heldKib,
    long openedNanos) {

  /** The first line of a result file. */
  public static final String HEADER =
      "scenario,kind,launch,round,messages,bytes,nanos,p50_nanos,p90_nanos,p99_nanos,p999_nanos,"
          + "max_nanos,server_cpu_nanos,compiling_nanos,waited_nanos,allocated_bytes,resident_kib,held_kib,opened_nanos";

  /** As a line of a result file. */
  public String toCsv() {
    return String.format(
        Locale.ROOT,
        "%s,%s,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d",
        scenario,
        kind,
        launch,
        round,
        sample.messages(),
        sample.bytes(),
        sample.nanos(),
        sample.p50(),
        sample.p90(),
        sample.p99(),
        sample.p999(),
        sample.max(),
        cpuNanos,
        compilingNanos,
        waitedNanos,
        allocatedBytes,
        residentKib,
        heldKib,
        openedNanos);
  }

  /** Reads what {@link #toCsv} wrote. */
  public static Slice parse(String line) {
    String[] field = line.split(",", -1);
    if (field.length != HEADER.split(",", -1).length) {
      throw new IllegalArgumentException("not a line of a result file: " + line);
    }
    long[] number = new long[field.length];
    for (int i = 2; i < field.length; i++) number[i] = Long.parseLong(field[i]);
    Sample sample =
        new Sample(
            number[4],
            number[5],
            number[6],
            number[7],
            number[8],
            number[9],
            number[10],
            number[11]);
    return new Slice(
        field[0],
        field[1],
        (int) number[2],
        (int) number[3],
        sample,
        number[12],
        number[13],
        number[14],
        number[15],
        number[16],
        number[17],
        number[18]);
  }

  /** The server's CPU time for a message, in nanoseconds. */
  public double cpuPerMessage() {
    return (double) cpuNanos / sample.messages();
  }

  /** Messages a second of time. */
  public double throughput() {
    return sample.messages() * 1e9 / sample.nanos();
  }

  /** How full the server's core was, from 0 to 1. */
  public double load() {
    return (double) cpuNanos / sample.nanos();
  }

  /** Whether others had the cores for more than a tenth of the time. */
  public boolean isDisturbed() {
    return waitedNanos > sample.nanos() / 10;
  }

  /** Bytes on the heap for a message. */
  public double allocatedPerMessage() {
    return allocatedBytes < 0 ? Double.NaN : (double) allocatedBytes / sample.messages();
  }

  /** The scenario, which {@link Scenario#named} knows. */
  public Scenario about() {
    return Scenario.named(scenario);
  }
}
