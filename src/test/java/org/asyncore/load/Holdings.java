package org.asyncore.load;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.asyncore.faults.Census;

/** What the process has of memory and of descriptors at one moment. */
public record Holdings(Memory memory, Census descriptors) {
  private static final int OTHER_DESCRIPTORS = 500;

  public static Holdings now() {
    return new Holdings(Memory.used(), Census.take());
  }

  /** Skips the test if the process may not have so many connections. */
  static void assumeDescriptors(int connections) {
    if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system))
      return;
    long limit = system.getMaxFileDescriptorCount();
    int needed = connections + OTHER_DESCRIPTORS;
    assumeTrue(limit >= needed, () -> needed + " descriptors are needed, the limit is " + limit);
  }

  /** Fails if heap, or direct memory, grew by more than so many bytes. */
  public void assertGrewAtMost(long byteCount, Holdings before) {
    Memory growth = memory.minus(before.memory);
    assertTrue(growth.heap() <= byteCount, () -> "the heap grew by more than allowed: " + growth);
    assertTrue(growth.direct() <= byteCount, () -> "direct memory grew too much: " + growth);
  }

  @Override
  public String toString() {
    return (memory.heap() >> 10)
        + " KiB of heap, "
        + (memory.direct() >> 10)
        + " KiB of direct memory, "
        + descriptors.size()
        + " descriptors";
  }
}
