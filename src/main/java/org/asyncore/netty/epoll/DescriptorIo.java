package org.asyncore.netty.epoll;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.netty.kernel.Memory;

/** Reads and writes a descriptor that does not block, through memory that natives can see. */
final class DescriptorIo {
  private static final int PIECE = 1 << 16;

  private DescriptorIo() {}

  /** The result is -1 at the end, 0 if there is nothing now. */
  static int read(FileDescriptor descriptor, ByteBuffer target) {
    ByteBuf memory = Memory.direct(ByteBufAllocator.DEFAULT, Math.min(target.remaining(), PIECE));
    try {
      int total = 0;
      do {
        int length = Math.min(target.remaining(), PIECE);
        ByteBuffer piece = memory.internalNioBuffer(0, length);
        int start = piece.position();
        int came = descriptor.read(piece, start, start + length);
        if (came <= 0) return total == 0 ? came : total;
        target.put(piece.limit(start + came));
        total += came;
        if (came < length) return total; // Another read might find what came later.
      } while (target.hasRemaining());
      return total;
    } catch (IOException failed) {
      throw ErrnoMapping.osException(failed);
    } finally {
      memory.release();
    }
  }

  /** The result is 0 if there is no room. */
  static int write(FileDescriptor descriptor, ByteBuffer data) {
    ByteBuf memory = Memory.direct(ByteBufAllocator.DEFAULT, data.remaining());
    try {
      memory.writeBytes(data.duplicate());
      ByteBuffer bytes = memory.internalNioBuffer(0, data.remaining());
      int taken = descriptor.write(bytes, bytes.position(), bytes.limit());
      data.position(data.position() + taken);
      return taken;
    } catch (IOException failed) {
      throw ErrnoMapping.osException(failed);
    } finally {
      memory.release();
    }
  }
}
