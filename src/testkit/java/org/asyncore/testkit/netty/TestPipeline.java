package org.asyncore.testkit.netty;

import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;
import org.asyncore.testkit.Peer;
import org.asyncore.testkit.TestClock;
import org.asyncore.testkit.TestLoop;

/**
 * A pipeline in memory that a {@link Peer} talks to: an {@link EmbeddedChannel} whose bytes travel
 * on the network of a {@link TestLoop}, and whose scheduled tasks follow its clock.
 *
 * <pre>{@code
 * TestPipeline hosted = new TestPipeline(loop, new DispatcherHandler(EchoHandler::new));
 * hosted.peer().send("hello").expect("hello");
 * }</pre>
 *
 * <p>The peer's end closes the channel, as it does where ALLOW_HALF_CLOSURE is not set; its reset
 * is an exception first. What the channel writes is taken at once: it is always writable. Confined
 * to the loop's thread, which is that of the channel's event loop, too.
 */
public final class TestPipeline {
  private final EmbeddedChannel channel;
  private final Peer peer;

  /** A channel with these handlers, in their order: the last one is a {@code DispatcherHandler}. */
  public TestPipeline(TestLoop loop, ChannelHandler... handlers) {
    this(loop, handlers, new ChannelHandler[0]);
  }

  /**
   * As the other, where the peer has handlers of its own, such as the client's side of TLS: what
   * the test sends and expects is what their head and tail are to each other, reversed.
   *
   * @param handlers those of the channel
   * @param ofPeer those between the peer and the network
   */
  public TestPipeline(TestLoop loop, ChannelHandler[] handlers, ChannelHandler[] ofPeer) {
    if (loop == null) throw new IllegalArgumentException("loop is null");
    if (handlers == null) throw new IllegalArgumentException("handlers is null");
    if (ofPeer == null) throw new IllegalArgumentException("ofPeer is null");
    Ticker ticker = new LoopTicker(loop.clock());
    Wire[] wire = new Wire[1];
    peer = loop.connected(socket -> wire[0] = new Wire(socket, loop.map()));
    EmbeddedChannel far = ofPeer.length == 0 ? null : open(ticker, ofPeer);
    channel = open(ticker, handlers);
    wire[0].join(channel, far);
  }

  private static EmbeddedChannel open(Ticker ticker, ChannelHandler... handlers) {
    return EmbeddedChannel.builder().ticker(ticker).handlers(handlers).build();
  }

  /** The channel. */
  public EmbeddedChannel channel() {
    return channel;
  }

  /** Who talks to it. */
  public Peer peer() {
    return peer;
  }

  /** A loop's clock, as Netty wants it. */
  private record LoopTicker(TestClock clock) implements Ticker {
    @Override
    public long initialNanoTime() {
      return 0;
    }

    @Override
    public long nanoTime() {
      return clock.nanoTime();
    }

    @Override
    public void sleep(long delay, TimeUnit unit) {
      throw new UnsupportedOperationException("nobody sleeps on a test's clock");
    }
  }
}
