package org.asyncore.internal;

import org.asyncore.transport.Pollster;
import org.jspecify.annotations.Nullable;

/**
 * What a pass of our own loop asks of its pollster beside {@code select.poll()}'s calls: a wait
 * that ends for other things than sockets, and an end of what a dispatcher's callbacks sent. Used
 * under the turn of its {@link LoopTransport}.
 */
public interface LoopPollster extends Pollster {
  /**
   * Has each {@link #poll} from now on end when this rings, as if the time were over. {@link
   * LoopTransport#wakeup} has a poll that waits ask it again.
   */
  default void alarm(Alarm alarm) {
    // For pollsters that never wait.
  }

  /**
   * Has each {@link #poll} from now on look again and again before its thread sleeps.
   *
   * @param spinNanos for how long, within the wait; 0 to sleep at once, which is the default
   */
  default void busyPoll(long spinNanos) {
    // For pollsters that never sleep.
  }

  /** Whether each send leaves at once from now on, also in callbacks; false is the default. */
  default void sendAtOnce(boolean sendAtOnce) {
    // For pollsters whose sockets hold nothing back.
  }

  /** What a socket is registered for, by its index; 0 for an index that has none. */
  int interest(int index);

  /** What else than a socket may end a wait. */
  @FunctionalInterface
  interface Alarm {
    /** How long until it rings: 0 if it does, {@link #FOREVER} if nothing is known that will. */
    long untilNanos();
  }

  /**
   * Says whether another pass follows at once, as in a loop without a count, so that what is sent
   * may wait for it where nobody can tell.
   */
  default void followed(boolean isFollowed) {
    // Most have nothing to gain.
  }

  /** Hands on what one dispatcher's callbacks have sent; called after each dispatcher. */
  default void flush() {
    // For pollsters whose sockets hold nothing back.
  }

  /** Ends the callbacks that {@link #poll} began: from now on what is sent goes out at once. */
  default void done() {
    // As flush.
  }

  /** The next call that somebody asked for beside those of sockets; null for no more. */
  default @Nullable Runnable posted() {
    return null;
  }
}
