package org.asyncore.netty.kernel;

import java.util.BitSet;
import org.asyncore.transport.Held;

/**
 * Deals numbers to sockets that have no descriptor, or have lost it: as the system deals
 * descriptors, the lowest free one first, but from {@link Held#BEYOND_DESCRIPTORS} on. So one that
 * is handed to the system is an error, and not somebody's file.
 *
 * <p>One for the process, as descriptors are: a channel may be put into any map. Safe from any
 * thread.
 */
public final class DescriptorNumbers {
  /** Which are dealt, counted from the first on. */
  private static final BitSet DEALT = new BitSet();

  private DescriptorNumbers() {}

  public static int deal() {
    synchronized (DEALT) {
      int dealt = DEALT.nextClearBit(0);
      DEALT.set(dealt);
      return Held.BEYOND_DESCRIPTORS + dealt;
    }
  }

  public static void takeBack(int number) {
    synchronized (DEALT) {
      DEALT.clear(number - Held.BEYOND_DESCRIPTORS);
    }
  }

  /** Whether it was dealt here, and is no descriptor. */
  public static boolean isBeyond(int number) {
    return number >= Held.BEYOND_DESCRIPTORS;
  }
}
