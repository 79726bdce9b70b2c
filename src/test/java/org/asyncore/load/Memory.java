package org.asyncore.load;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/**
 * What the process uses, in bytes.
 *
 * @param heap after garbage was collected
 * @param direct the JDK's direct buffers, and Netty's beside them
 */
record Memory(long heap, long direct) {
  private static final int COLLECTIONS = 4;

  static Memory used() {
    for (int i = 0; i < COLLECTIONS; i++) System.gc();
    Runtime runtime = Runtime.getRuntime();
    long direct = Math.max(0, PlatformDependent.usedDirectMemory());
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      if (pool.getName().equals("direct")) direct += pool.getMemoryUsed();
    }
    return new Memory(runtime.totalMemory() - runtime.freeMemory(), direct);
  }

  Memory minus(Memory before) {
    return new Memory(heap - before.heap, direct - before.direct);
  }

  long total() {
    return heap + direct;
  }
}
