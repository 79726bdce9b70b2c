package org.asyncore.netty;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A closed channel whose peer has bytes to take. As Linux does with a connection that nobody has
 * open any more, it is kept as long as the peer takes some now and then, and reset if it takes none
 * for some minutes: the peer must not mistake what came for all there was.
 *
 * <p>Confined to the holder of the turn.
 */
final class Orphan {
  /** How long a peer may take nothing, in seconds. */
  private static final String PROPERTY = "org.asyncore.orphan";

  private static final int DEFAULT_SECONDS = 240;

  private final TurnEventLoop loop;
  private final Channel channel;
  private final Runnable reset;
  private final int seconds = Integer.getInteger(PROPERTY, DEFAULT_SECONDS);
  private boolean progress;
  private Future<?> limit;

  /**
   * @param reset closes the channel, and tells its peer that something is missing
   */
  Orphan(TurnEventLoop loop, Channel channel, Runnable reset) {
    this.loop = loop;
    this.channel = channel;
    this.reset = reset;
    await();
    channel.closeFuture().addListener(closed -> limit.cancel(false));
  }

  /** The peer has taken something. */
  void progressed() {
    progress = true;
  }

  private void await() {
    progress = false;
    limit = loop.schedule(this::due, seconds, TimeUnit.SECONDS);
  }

  private void due() {
    if (progress) await();
    else cutOff();
  }

  private void cutOff() {
    System.getLogger("org.asyncore")
        .log(
            System.Logger.Level.WARNING,
            "a closed channel has bytes of which its peer took none in {0} s: {1}",
            seconds,
            Addresses.oneLine(channel));
    reset.run();
  }
}
