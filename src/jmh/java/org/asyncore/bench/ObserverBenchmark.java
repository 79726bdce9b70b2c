package org.asyncore.bench;

import java.util.concurrent.TimeUnit;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.LoopObserver;
import org.asyncore.SocketMap;
import org.asyncore.migrate.MigrationReport;
import org.asyncore.observe.Counters;
import org.asyncore.observe.JfrEvents;
import org.asyncore.observe.SlowCallbacks;
import org.asyncore.observe.SpinDoctor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an observer costs each message: a callback that receives and sends, on sockets in memory, so
 * that nothing hides it. A message on a real socket costs some microseconds beside.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class ObserverBenchmark {
  private static final int CHANNELS = 64;

  /** Who looks on. */
  @Param({"off", "nothing", "counters", "slow", "spin", "jfr", "report"})
  public String observer;

  private SocketMap map;

  private static final class Echo extends Dispatcher {
    Echo(SocketMap map) {
      super(map);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      send(recv(8192));
    }
  }

  /** Fills the map. */
  @Setup
  public void fill() {
    map = new SocketMap(new MemoryTransport(CHANNELS));
    map.observer(newObserver());
    for (int i = 0; i < CHANNELS; i++) new Echo(map).createSocket();
  }

  private LoopObserver newObserver() {
    return switch (observer) {
      case "off" -> null;
      case "nothing" -> new LoopObserver() {};
      case "counters" -> new Counters();
      case "slow" -> new SlowCallbacks();
      case "spin" -> new SpinDoctor();
      case "jfr" -> new JfrEvents(); // Without a recording.
      case "report" -> new MigrationReport();
      default -> throw new IllegalArgumentException(observer);
    };
  }

  /** A pass over channels that are all ready. */
  @Benchmark
  @OperationsPerInvocation(CHANNELS)
  public void message() throws InterruptedException {
    Asyncore.loop(0, false, map, 1);
  }
}
