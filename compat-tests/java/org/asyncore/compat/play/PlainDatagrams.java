package org.asyncore.compat.play;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/** A bound datagram socket of the {@link Ground}'s. */
interface PlainDatagrams extends Closeable {
  SocketAddress localAddress() throws IOException;

  void send(ByteBuffer data, SocketAddress address) throws IOException;

  /** Who has sent what came into the room; null if nothing has. */
  SocketAddress receive(ByteBuffer room) throws IOException;
}
