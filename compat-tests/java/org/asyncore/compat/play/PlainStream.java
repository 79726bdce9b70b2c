package org.asyncore.compat.play;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/** A stream socket of the {@link Ground}'s, which never blocks and has nothing to do with a map. */
interface PlainStream extends Closeable {
  void bind(SocketAddress address) throws IOException;

  /** Begins to connect; whether it is done. */
  boolean connect(SocketAddress address) throws IOException;

  /** Whether a connection that was begun is there. */
  boolean finishConnect() throws IOException;

  SocketAddress localAddress() throws IOException;

  /** How many bytes came, 0 if there are none now, -1 at the end. */
  int read(ByteBuffer target) throws IOException;

  int write(ByteBuffer data) throws IOException;

  /** Sends a byte that is urgent. */
  void sendUrgent(byte data) throws IOException;

  void shutdownOutput() throws IOException;

  /** Has {@link #close} break the connection. */
  void resetOnClose() throws IOException;
}
