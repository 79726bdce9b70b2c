package org.asyncore.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.asyncore.netty.kernel.ReceiveBuffer;
import org.asyncore.netty.socket.ReadinessHandler;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A message on its way up a pipeline: recorded by {@link ReadinessHandler}, kept and taken out of a
 * {@link ReceiveBuffer}. Without a socket; {@code allocate} is what the message itself costs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class BridgeBenchmark {
  /** Bytes of a message. */
  @Param({"64", "65536"})
  public int size;

  private final ReceiveBuffer received = new ReceiveBuffer();
  private final EmbeddedChannel channel = new EmbeddedChannel(new ReadinessHandler(new Kept()));
  private final ByteBuffer target = ByteBuffer.allocateDirect(65536);

  private ByteBuf message() {
    return channel.alloc().directBuffer(size, size).writerIndex(size);
  }

  /** Nothing but the buffer. */
  @Benchmark
  public boolean allocate() {
    return message().release();
  }

  /** Recorded, and taken as an array. */
  @Benchmark
  public byte[] takeArray() {
    channel.pipeline().fireChannelRead(message());
    return received.take(size);
  }

  /** Recorded, and taken into a buffer. */
  @Benchmark
  public int takeIntoBuffer() {
    channel.pipeline().fireChannelRead(message());
    return received.take(target.clear());
  }

  /** Keeps bytes; other facts do not come. */
  private final class Kept implements ReadinessHandler.Facts {
    @Override
    public void received(Object message) {
      received.add((ByteBuf) message);
    }

    @Override
    public void connected() {
      // An embedded channel is, from the start.
    }

    @Override
    public void inputEnded() {
      throw new IllegalStateException("the stream ended");
    }

    @Override
    public void writabilityChanged() {
      throw new IllegalStateException("nothing is written");
    }

    @Override
    public void failed(Throwable cause) {
      throw new IllegalStateException(cause);
    }

    @Override
    public void closedBelow() {
      throw new IllegalStateException("the channel was closed");
    }
  }
}
