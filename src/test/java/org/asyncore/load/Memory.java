package org.asyncore.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/**
 * What the process uses, in bytes.
 *
 * @param heap after garbage was collected
 * @param direct the JDK's direct buffers, and Netty's where they are not among those
 */
public record Memory(long heap, long direct) {
  private static final int COLLECTIONS = 4;
  private static final int PROBE_BYTES = 1 << 20;

  /**
   * Netty keeps a count of its own, also where it has buffers from the JDK: whether those are in
   * both counts depends on the JDK's version and its options.
   */
  private static final boolean HAS_NETTY_ITS_OWN = hasNettyItsOwn();

  private static boolean hasNettyItsOwn() {
    long before = ofJdk();
    ByteBuf probe = UnpooledByteBufAllocator.DEFAULT.directBuffer(PROBE_BYTES);
    boolean isCounted = ofJdk() - before >= PROBE_BYTES;
    probe.release();
    return !isCounted;
  }

  static Memory used() {
    for (int i = 0; i < COLLECTIONS; i++) System.gc();
    Runtime runtime = Runtime.getRuntime();
    long direct = ofJdk();
    if (HAS_NETTY_ITS_OWN) direct += Math.max(0, PlatformDependent.usedDirectMemory());
    return new Memory(runtime.totalMemory() - runtime.freeMemory(), direct);
  }

  private static long ofJdk() {
    long used = 0;
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      if (pool.getName().equals("direct")) used += pool.getMemoryUsed();
    }
    return used;
  }

  Memory minus(Memory before) {
    return new Memory(heap - before.heap, direct - before.direct);
  }

  long total() {
    return heap + direct;
  }
}
