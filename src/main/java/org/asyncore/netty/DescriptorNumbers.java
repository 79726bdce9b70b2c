package org.asyncore.netty;

import java.util.BitSet;
import org.asyncore.transport.Held;

/**
 * Deals numbers as the system deals descriptors, the lowest free one first, where there is no
 * descriptor to be had: on NIO, and in pipelines of the user's own.
 *
 * <p>They begin above any descriptor. So one that is handed to the system is an error, and never
 * somebody else's file; and a map can tell the two apart.
 *
 * <p>One row of numbers for the process, as of descriptors: a channel may be put into any map. Safe
 * from any thread.
 */
final class DescriptorNumbers {
  /** The first number. Linux has no descriptor as high, whatever its limits are set to. */
  static final int FIRST = 1 << 30;

  /** Counted from {@link #FIRST}. */
  private static final BitSet DEALT = new BitSet();

  private DescriptorNumbers() {}

  static int deal() {
    synchronized (DEALT) {
      int free = DEALT.nextClearBit(0);
      DEALT.set(free);
      return FIRST + free;
    }
  }

  static void takeBack(int number) {
    synchronized (DEALT) {
      DEALT.clear(number - FIRST);
    }
  }

  /** Whether it was dealt here, and is no descriptor. */
  static boolean isBeyond(int number) {
    return number >= Held.BEYOND_DESCRIPTORS;
  }
}
