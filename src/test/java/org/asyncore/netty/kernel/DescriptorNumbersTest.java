package org.asyncore.netty.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.asyncore.transport.Held;
import org.junit.jupiter.api.Test;

class DescriptorNumbersTest {
  @Test
  void theLowestFreeOneIsDealtNextAboveAnyDescriptor() {
    int first = DescriptorNumbers.deal();
    int second = DescriptorNumbers.deal();
    assertTrue(Held.BEYOND_DESCRIPTORS <= first && first < second, first + ", " + second);
    DescriptorNumbers.takeBack(first);
    assertEquals(first, DescriptorNumbers.deal());
    DescriptorNumbers.takeBack(first);
    DescriptorNumbers.takeBack(second);
  }
}
