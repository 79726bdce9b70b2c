package org.asyncore.netty.kernel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Supplier;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;

/**
 * Direct memory for one connection: that there is none is that connection's trouble, an {@link
 * OsException} with {@link Errno#ENOMEM}, and not an {@link Error} that ends the loop. Safe from
 * any thread.
 */
public final class Memory {
  private Memory() {}

  /** A direct buffer, the caller's to release. */
  public static ByteBuf direct(ByteBufAllocator allocator, int byteCount) {
    return of(byteCount, () -> allocator.directBuffer(byteCount));
  }

  /** A buffer for a channel's input or output, the caller's to release. */
  public static ByteBuf io(ByteBufAllocator allocator, int byteCount) {
    return of(byteCount, () -> allocator.ioBuffer(byteCount));
  }

  private static ByteBuf of(int byteCount, Supplier<ByteBuf> allocation) {
    try {
      return allocation.get();
    } catch (OutOfMemoryError none) { // The JDK's limit, or Netty's own.
      throw new OsException(
          Errno.ENOMEM, "no memory for " + byteCount + " bytes (docs/security.md#memory)", none);
    }
  }
}
