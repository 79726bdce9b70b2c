package org.asyncore.netty.nio;

import java.nio.channels.SelectableChannel;
import org.asyncore.netty.kernel.Descriptors;
import org.asyncore.netty.kernel.Descriptors.OpenFile;
import org.asyncore.transport.Pipe;

/** Files and pipes on channels of the JDK, whose numbers are dealt here. */
final class NioDescriptors implements Descriptors {
  @Override
  public OpenFile open(int descriptor) {
    return new NioFile(SharedChannel.of(descriptor));
  }

  @Override
  public OpenFile open(SelectableChannel channel) {
    return new NioFile(new SharedChannel(channel));
  }

  @Override
  public Pipe pipe() {
    SharedChannel[] ends = SharedChannel.pipe();
    return new Pipe(new ChannelPipeEnd(ends[0]), new ChannelPipeEnd(ends[1]));
  }
}
