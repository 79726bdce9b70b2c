package org.asyncore.netty;

import java.util.BitSet;

/**
 * Deals numbers as the system deals descriptors, the lowest free one first, where descriptors are
 * hidden.
 *
 * <p>One for the process, as descriptors are: a channel may be put into any map. Safe from any
 * thread.
 */
final class DescriptorNumbers {
  private static final int FIRST = 3; // Below are standard input, output and error.
  private static final BitSet DEALT = new BitSet();

  private DescriptorNumbers() {}

  static int deal() {
    synchronized (DEALT) {
      int number = DEALT.nextClearBit(FIRST);
      DEALT.set(number);
      return number;
    }
  }

  static void takeBack(int number) {
    synchronized (DEALT) {
      DEALT.clear(number);
    }
  }
}
