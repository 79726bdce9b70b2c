package org.asyncore.netty.socket;

/**
 * Whether a send leaves before its callback goes on, as the callback may wait for what the peer
 * makes of it: the first one of a pass does, unless its dispatcher sent more than once in the pass
 * in which it sent last. Then sends leave together, after the callbacks.
 *
 * <p>Guarded by whoever sends.
 */
public final class SendPace {
  /** The pass in which something was sent last, and how often. */
  private int sentIn;

  private int sends;

  /** Whether more than once was sent in the pass before that one. */
  private boolean sendsMuch;

  /** Counts a send; says whether it is to leave at once. */
  public boolean leavesAtOnce(int pass) {
    if (pass != sentIn) {
      sendsMuch = sends > 1;
      sends = 0;
      sentIn = pass;
    }
    sends++;
    return sends == 1 && !sendsMuch;
  }
}
