package org.asyncore.compat.play;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;

/** A listening socket of the {@link Ground}'s. */
interface PlainListener extends Closeable {
  SocketAddress localAddress() throws IOException;

  /** The next connection; null if none is there. */
  PlainStream accept() throws IOException;
}
