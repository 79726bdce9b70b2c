package org.asyncore.netty.socket;

import java.util.ArrayDeque;
import java.util.Queue;
import org.asyncore.netty.loop.TurnEventLoop;

/**
 * What ends the wait of a pass beside its sockets: a call that was posted, an interest that is
 * another one now, the end of the last native channel that a loop goes on for.
 *
 * <p>For the holder of the loop's turn, but for what says otherwise.
 */
public final class PassSignals {
  private final TurnEventLoop loop;
  private final Queue<Runnable> posted = new ArrayDeque<>(0);
  private volatile boolean awaitsChannels;
  private boolean wasBusy;

  /** Whose registrations the sockets' gates follow: the last one that a pass began with. */
  private NettyPollster asking;

  /** Whether a pass that waits has to end its wait, to ask again. */
  private volatile boolean woken;

  public PassSignals(TurnEventLoop loop) {
    this.loop = loop;
  }

  /** A pass begins; says whether this pollster was the last one that a pass began with. */
  boolean begin(NettyPollster pollster) {
    woken = false;
    boolean stands = asking == pollster;
    asking = pollster;
    return stands;
  }

  /** Has a pass that waits ask again. From any thread. */
  public void wake() {
    woken = true;
    if (!loop.inEventLoop()) loop.wakeup();
  }

  boolean isWoken() {
    return woken;
  }

  /** Has the next pass call this, before its dispatchers. */
  public void post(Runnable call) {
    posted.add(call);
  }

  int postedCount() {
    return posted.size();
  }

  /** The call that was posted first; null for none. */
  Runnable posted() {
    return posted.poll();
  }

  /** Whether a loop goes on while native channels are open. From any thread. */
  public void awaitChannels(boolean await) {
    awaitsChannels = await;
  }

  /** Whether a native channel is open that is waited for. From any thread. */
  public boolean isBusy() {
    return awaitsChannels && loop.handler().nativeCount() > 0;
  }

  /** Whether a wait is over; that the last native channel has closed is said once. */
  boolean areDue() {
    return !posted.isEmpty() || channelsHaveEnded();
  }

  private boolean channelsHaveEnded() {
    boolean before = wasBusy;
    wasBusy = isBusy();
    return before && !wasBusy;
  }
}
