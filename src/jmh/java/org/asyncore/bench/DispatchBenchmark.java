package org.asyncore.bench;

import java.util.concurrent.TimeUnit;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A pass that reads and sends on each ready channel, on sockets in memory: asking, freezing and
 * calling, without the transport's and the kernel's share.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class DispatchBenchmark {
  /** Channels in the map. */
  @Param({"1", "64", "1000"})
  public int channels;

  /** How many of them are ready. */
  @Param({"1", "64"})
  public int ready;

  /** Whether the pass is poll's. */
  @Param({"false", "true"})
  public boolean usePoll;

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
    map = new SocketMap(new MemoryTransport(ready));
    for (int i = 0; i < channels; i++) new Echo(map).createSocket();
  }

  /** The pass. */
  @Benchmark
  public void pass() throws InterruptedException {
    Asyncore.loop(0, usePoll, map, 1);
  }
}
