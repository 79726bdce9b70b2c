package org.asyncore.bench.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.asyncore.examples.migrating.ZeroCopyEcho;
import org.asyncore.migrate.DispatcherHandler;
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

/**
 * An echoed message of one of many hosted connections, from {@code channelRead} to the flush,
 * without a socket. What counts with many is how much memory a message touches: when a connection's
 * turn comes, the others and the kernel have had the processor's caches to themselves.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 3, jvmArgsAppend = "-Xmx512m")
public class HostedEchoBenchmark {
  private static final int CHANNELS = 1000;
  private static final int STEP = 387; // Prime to their number: each has its turn, none foreseen.
  private static final int CACHE_LINE = 64;

  /** A native handler, or dispatchers. */
  @Param({"netty", "hosted-bytes", "hosted-bytebuf"})
  public String server;

  /** How much memory a connection touches between two messages, in bytes, beside its own. */
  @Param({"0", "65536"})
  public int touchedBytes;

  private final EmbeddedChannel[] channels = new EmbeddedChannel[CHANNELS];
  private final byte[][] touched = new byte[CHANNELS][];
  private int turn;
  private EmbeddedChannel channel;
  private ByteBuf message;

  /** Opens the connections. */
  @Setup
  public void open() {
    for (int i = 0; i < CHANNELS; i++) {
      channels[i] = new EmbeddedChannel(handler());
      channels[i].runPendingTasks();
      touched[i] = new byte[touchedBytes];
    }
  }

  private ChannelHandler handler() {
    return switch (server) {
      case "netty" -> new NettyEcho();
      case "hosted-bytes" -> new DispatcherHandler(BytesEcho.reading(8192));
      case "hosted-bytebuf" -> new DispatcherHandler(ZeroCopyEcho::new);
      default -> throw new IllegalArgumentException("no server " + server);
    };
  }

  /** Another connection's turn. */
  @Setup(Level.Invocation)
  public void next() {
    turn = (turn + STEP) % CHANNELS;
    channel = channels[turn];
    byte[] memory = touched[turn];
    for (int i = 0; i < memory.length; i += CACHE_LINE) memory[i]++;
    message = channel.alloc().ioBuffer(2048).writeZero(64);
  }

  /** A read of one message. */
  @Benchmark
  public void echo() {
    channel.pipeline().fireChannelRead(message);
    channel.pipeline().fireChannelReadComplete();
  }

  /** Takes the answer. */
  @TearDown(Level.Invocation)
  public void answered() {
    ByteBuf answer = channel.readOutbound();
    if (answer == null) throw new IllegalStateException("no answer: " + server);
    answer.release();
  }
}
