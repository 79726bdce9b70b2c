package org.asyncore.asynchat;

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
   * and not asked again.
   *
   * <p>The array must stay as it is until the next call. An exception reaches {@code handleError}
   * by way of {@link AsyncChat#handleWrite}, or the caller of {@code push} or {@code
   * pushWithProducer}; the producer stays at the head of the queue and is asked again.
   */
  byte[] more();
}
