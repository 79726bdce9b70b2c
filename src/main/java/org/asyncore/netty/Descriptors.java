package org.asyncore.netty;

import java.nio.channels.SelectableChannel;
import org.asyncore.transport.AsyncFile;
import org.asyncore.transport.Pipe;

/** The part of a {@link Kernel} that knows files and pipes. For the holder of the turn. */
interface Descriptors {
  /** A file on a duplicate of a descriptor. */
  AsyncFile file(NettyTransport transport, int descriptor);

  /** A file over a channel of the JDK. */
  AsyncFile file(NettyTransport transport, SelectableChannel channel);

  /** A new pipe. */
  Pipe pipe();
}
