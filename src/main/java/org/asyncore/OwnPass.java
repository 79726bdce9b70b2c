package org.asyncore;

import org.asyncore.transport.Pollster;

/**
 * A pass that a program makes by itself instead of {@link Asyncore#poll}: it asks whom it likes,
 * waits by {@code select}, and calls who is ready.
 */
@FunctionalInterface
public interface OwnPass {
  /**
   * Makes it, by {@link Pollster#begin}, {@link Pollster#register}, {@link Pollster#poll} and the
   * answers. The pollster is this pass's alone, and of no use after it.
   */
  void make(Pollster pollster) throws InterruptedException;
}
