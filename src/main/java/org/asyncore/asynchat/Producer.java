package org.asyncore.asynchat;

import org.jspecify.annotations.Nullable;

/**
 * Gives output when there is room for it: what {@code push_with_producer} takes.
 *
 * <p>Asked on the thread inside {@code loop}, or inside {@link AsyncChat#pushWithProducer} itself,
 * and only after all it gave before was sent. So a producer without an end fills no memory: each
 * pass sends at most one piece of it, and what is queued behind it waits for ever.
 */
@FunctionalInterface
public interface Producer {
  /**
   * The next piece, of any size; null or no bytes at all ends the producer, which is then dropped
   * and not asked again; unless {@link #ready()} says no by then: it has found out that it has
   * nothing yet.
   *
   * <p>The array must stay as it is until the next call. An exception reaches {@code handleError}
   * by way of {@link AsyncChat#handleWrite}, or the caller of {@code push} or {@code
   * pushWithProducer}; the producer stays at the head of the queue and is asked again.
   */
  byte @Nullable [] more();

  /**
   * Whether {@link #more()} may be asked now. While it says no, the channel sends nothing, what is
   * queued behind the producer included, and looks for no room to write: the loop sleeps. So a
   * producer can have nothing yet without coming to its end: medusa's {@code NOT_DONE_YET}.
   *
   * <p>Asked in every pass while the producer is at the head of the queue. Whoever makes it ready
   * by something that the loop cannot see, such as another thread, calls {@link
   * AsyncChat#interestChanged()}, as does everybody in a pipeline without a loop. Always true
   * unless overridden.
   */
  default boolean ready() {
    return true;
  }
}
