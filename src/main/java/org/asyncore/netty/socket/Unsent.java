package org.asyncore.netty.socket;

/** What may have bytes that the kernel has no room for, and for which a loop that ends waits. */
public interface Unsent {
  /** Whether nobody sends there any more, so that the loop that ends is the last to see to it. */
  boolean isClosed();

  /** Waits no longer: closes the channel, and resets the peer if it does not get all. */
  void cutOff();
}
