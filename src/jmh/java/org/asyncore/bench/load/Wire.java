package org.asyncore.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A connection's bytes as its user knows them. Nothing blocks. */
interface Wire {
  /** Says how many bytes came; -1 at the end. */
  int read(ByteBuffer target) throws IOException;

  /** Takes what there is room for; says how much. */
  int write(ByteBuffer source) throws IOException;

  /** Whether all that was taken is the system's; tries again to make it so. */
  boolean flush() throws IOException;

  /** The bytes as they are. */
  static Wire plain(SocketChannel channel) {
    return new Wire() {
      @Override
      public int read(ByteBuffer target) throws IOException {
        return channel.read(target);
      }

      @Override
      public int write(ByteBuffer source) throws IOException {
        return channel.write(source);
      }

      @Override
      public boolean flush() {
        return true;
      }
    };
  }
}
