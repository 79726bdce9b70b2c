package org.asyncore.netty.epoll;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.netty.kernel.Memory;
import org.asyncore.netty.kernel.ReceiveBuffer;
import org.asyncore.netty.kernel.SystemOptions;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.WouldBlockException;

/**
 * {@code recv} with {@code MSG_OOB} on Linux, by a way round: Netty's natives pass no flags.
 *
 * <p>The urgent byte is put among the others for a moment ({@code SO_OOBINLINE}) and read. A read
 * ends before it or begins with it, and the poll flag that tells of it goes when it is read; so a
 * read after which the flag is gone has it in front. What is read beside it is kept for {@code
 * recv}.
 */
final class Urgent {
  private static final int SOL_SOCKET = 1;
  private static final int SO_OOBINLINE = 10;
  private static final int LONGEST_READ = 65536;

  private Urgent() {}

  /**
   * Takes the urgent byte.
   *
   * @param others gets the bytes that were read beside it
   */
  static byte take(Socket socket, ByteBufAllocator allocator, ReceiveBuffer others) {
    if (!waits(socket)) throw new OsException(Errno.EINVAL); // As Linux calls it.
    try {
      if (SystemOptions.isInline(socket)) throw new OsException(Errno.EINVAL); // It is recv's.
      socket.setIntOpt(SOL_SOCKET, SO_OOBINLINE, 1);
      try {
        // Often it is the next one. If it is not, the reads are long.
        for (int length = 1; ; length = LONGEST_READ) {
          ByteBuf bytes = read(socket, allocator, length);
          boolean isFirst = !waits(socket);
          byte urgent = isFirst ? bytes.readByte() : 0;
          others.add(bytes);
          if (isFirst) return urgent;
        }
      } finally {
        socket.setIntOpt(SOL_SOCKET, SO_OOBINLINE, 0);
      }
    } catch (IOException failed) {
      throw ErrnoMapping.osException(failed);
    }
  }

  private static boolean waits(Socket socket) {
    return DescriptorPoll.at(socket, Readiness.PRI) != 0;
  }

  private static ByteBuf read(Socket socket, ByteBufAllocator allocator, int length)
      throws IOException {
    ByteBuf bytes = Memory.direct(allocator, length);
    int came = 0;
    try {
      ByteBuffer memory = bytes.internalNioBuffer(0, length);
      came = socket.recv(memory, memory.position(), memory.position() + length);
      if (came <= 0) throw WouldBlockException.INSTANCE; // Announced, and still on its way.
      return bytes.writerIndex(came);
    } finally {
      if (came <= 0) bytes.release();
    }
  }
}
