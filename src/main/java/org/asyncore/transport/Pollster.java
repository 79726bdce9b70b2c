package org.asyncore.transport;

import org.jspecify.annotations.Nullable;

/**
 * The sockets that one pass waits for: Python's {@code select.poll()} object, and asyncore's name
 * for it.
 *
 * <p>Used by one pass at a time: {@link #begin}, {@link #register} each socket that is new or wants
 * something new, {@link #poll}, then read the answers. An answer is frozen: it stays what it was
 * when {@link #poll} returned, whatever callbacks do, until the next {@link #begin}.
 */
public interface Pollster {
  /** Pass as {@code waitNanos} to wait without end. */
  long FOREVER = Long.MAX_VALUE;

  /**
   * Begins a pass: forgets the answers of the last one.
   *
   * @param hangUps whether answers tell {@link Readiness#HUP} and {@link Readiness#ERR} apart from
   *     readable and writable, as poll does and select does not; some transports must look twice
   *     for that
   * @return whether the sockets of the last pass are still registered, so that only what has
   *     changed needs to be; false if this pollster does not keep them, or if another one has asked
   *     for sockets since
   */
  boolean begin(boolean hangUps);

  /** Forgets all sockets. */
  void clear();

  /**
   * Registers a socket, in place of the one that had its index.
   *
   * @param index from 0 on; answers come in the order of indices
   * @param socket open or closed; a closed one answers {@link Readiness#NVAL}; null counts as
   *     closed
   * @param events {@link Readiness#IN}, {@link Readiness#PRI} and {@link Readiness#OUT}; 0 takes
   *     the index out
   */
  void register(int index, @Nullable AsyncSocket socket, int events);

  /**
   * Waits until a socket is ready, then looks at all of them at once.
   *
   * @param waitNanos how long at most, in nanoseconds; 0 only looks, {@link #FOREVER} has no end
   */
  void poll(long waitNanos) throws InterruptedException;

  /** How many sockets have an answer. */
  int readyCount();

  /**
   * The index of the {@code k}th socket that has an answer; answers are in the order of indices.
   */
  int index(int k);

  /** The answer of the {@code k}th socket that has one: flags of {@link Readiness}. */
  int events(int k);
}
