package org.asyncore.netty;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import java.io.IOException;
import java.nio.channels.ScatteringByteChannel;

/**
 * Keeps the end of the stream from Netty's Unix domain channel on NIO, which closes itself there,
 * also when only the peer has ended, and asyncore may still send.
 */
final class EndNotingBuffer extends UnpooledDirectByteBuf {
  private final Runnable ended;

  EndNotingBuffer(int capacity, Runnable ended) {
    super(UnpooledByteBufAllocator.DEFAULT, capacity, capacity);
    this.ended = ended;
  }

  @Override
  public int writeBytes(ScatteringByteChannel source, int byteCount) throws IOException {
    int came = super.writeBytes(source, byteCount);
    if (came >= 0) return came;
    ended.run();
    return 0; // As if there were nothing now.
  }
}
