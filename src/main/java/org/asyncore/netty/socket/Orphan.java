package org.asyncore.netty.socket;

import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.asyncore.netty.kernel.Addresses;
import org.asyncore.transport.Activity;

/**
 * A closed channel whose peer has bytes to take. It is reset, as the peer must not mistake what
 * came for all there was, when a limit is over, or a timeout of the connection: without a pipeline
 * if the peer takes none for some minutes, as Linux does with a connection that nobody has open any
 * more.
 *
 * <p>Confined to the channel's event loop.
 */
public final class Orphan {
  /** How long a peer may take nothing, in seconds. */
  private static final String PROPERTY = "org.asyncore.orphan";

  private static final int DEFAULT_SECONDS = 240;

  private final EventExecutor executor;
  private final Channel channel;
  private final long limitNanos;
  private final Activity activity;
  private final Runnable reset;

  /** When the limit began. */
  private long beganNanos;

  private Future<?> timer;

  /**
   * @param activity null if nobody asks for it
   * @param reset closes the channel, and tells its peer that something is missing
   */
  public Orphan(
      EventExecutor executor, Channel channel, long limitNanos, Activity activity, Runnable reset) {
    this.executor = executor;
    this.channel = channel;
    this.limitNanos = limitNanos;
    this.activity = activity;
    this.reset = reset;
    progressed();
    await();
    channel.closeFuture().addListener(closed -> end());
  }

  /** How long a connection without a pipeline may make no progress. */
  public static long usualNanos() {
    return TimeUnit.SECONDS.toNanos(Integer.getInteger(PROPERTY, DEFAULT_SECONDS));
  }

  /** The peer has taken something: the limit begins anew. */
  public void progressed() {
    beganNanos = executor.ticker().nanoTime();
  }

  /** The peer has all of it, or is reset. */
  private void end() {
    timer.cancel(false);
  }

  private void await() {
    timer = executor.schedule(this::due, Math.max(0, leftNanos()), TimeUnit.NANOSECONDS);
  }

  private void due() {
    if (leftNanos() > 0) await();
    else cutOff();
  }

  private long leftNanos() {
    long leftNanos = limitNanos - waitedNanos();
    return activity == null ? leftNanos : Math.min(leftNanos, activity.lingerNanos());
  }

  private long waitedNanos() {
    return executor.ticker().nanoTime() - beganNanos;
  }

  private void cutOff() {
    System.getLogger("org.asyncore")
        .log(
            System.Logger.Level.WARNING,
            "a closed channel has bytes that its peer did not take in {0} s: {1}",
            TimeUnit.NANOSECONDS.toSeconds(waitedNanos()),
            Addresses.oneLine(channel));
    reset.run();
  }
}
