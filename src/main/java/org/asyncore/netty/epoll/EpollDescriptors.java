package org.asyncore.netty.epoll;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import org.asyncore.netty.kernel.Descriptors;
import org.asyncore.netty.kernel.Descriptors.OpenFile;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Pipe;

/** Files and pipes by their descriptors. */
final class EpollDescriptors implements Descriptors {
  @Override
  public OpenFile open(int descriptor) {
    return new EpollFile(Duplicates.of(descriptor));
  }

  @Override
  public OpenFile open(SelectableChannel channel) {
    throw new OsException(
        Errno.EOPNOTSUPP,
        "the JDK hides the descriptor of "
            + channel.getClass().getSimpleName()
            + " (docs/differences.md#no-jdk-channels-on-epoll)");
  }

  @Override
  public Pipe pipe() {
    try {
      FileDescriptor[] ends = FileDescriptor.pipe();
      return new Pipe(new DescriptorPipeEnd(ends[0]), new DescriptorPipeEnd(ends[1]));
    } catch (IOException refused) {
      throw ErrnoMapping.osException(refused);
    }
  }
}
