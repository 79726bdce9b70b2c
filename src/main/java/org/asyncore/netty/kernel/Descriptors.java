package org.asyncore.netty.kernel;

import java.nio.channels.SelectableChannel;
import org.asyncore.transport.Pipe;

/** The part of a {@link Kernel} that knows files and pipes. For the holder of the turn. */
public interface Descriptors {
  /** A file on a duplicate of a descriptor. */
  OpenFile open(int descriptor);

  /** A file over a channel of the JDK. */
  OpenFile open(SelectableChannel channel);

  /** A new pipe. */
  Pipe pipe();
}
