package org.asyncore.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What {@code loop(0, count=1)} costs when nothing happens, by the channels that it asks. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class IdlePassBenchmark {
  /** How many connected channels there are. */
  @Param({"1", "100", "10000"})
  public int channels;

  /** What their predicates are; {@code none} wants to hear of nothing. */
  @Param({"none", "inherited", "overridden", "four-classes"})
  public String predicates;

  private final SocketMap map = new SocketMap();
  private final List<Waiting> peers = new ArrayList<>();

  /** Connections that nobody accepts: the channels of the map are their only open ends. */
  @Setup(Level.Trial)
  public void connect() throws IOException, InterruptedException {
    for (int i = 0; i < channels; i++) {
      if (i % Waiting.MOST == 0) peers.add(new Waiting());
      Dispatcher channel = newChannel(i);
      channel.createSocket();
      channel.connect(peers.get(peers.size() - 1).address());
      if (i % 64 == 63) pass();
    }
    while (!allConnected()) pass();
  }

  private Dispatcher newChannel(int i) {
    return switch (predicates) {
      case "none" -> new Channels.Silent(map);
      case "inherited" -> new Channels.Inherited(map);
      case "overridden" -> new Channels.First(map);
      case "four-classes" ->
          switch (i % 4) {
            case 0 -> new Channels.First(map);
            case 1 -> new Channels.Second(map);
            case 2 -> new Channels.Third(map);
            default -> new Channels.Fourth(map);
          };
      default -> throw new IllegalArgumentException(predicates);
    };
  }

  private boolean allConnected() {
    for (Dispatcher channel : map) {
      if (!channel.connected()) return false;
    }
    return true;
  }

  /** The pass. */
  @Benchmark
  public void pass() throws InterruptedException {
    Asyncore.loop(0, false, map, 1);
  }

  /** Resets nobody: the open ends are closed first. */
  @TearDown(Level.Trial)
  public void close() throws IOException, InterruptedException {
    Asyncore.closeAll(map, false);
    for (Waiting peer : peers) peer.close();
  }
}
