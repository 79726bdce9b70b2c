package org.asyncore.netty;

import java.nio.channels.SelectableChannel;
import org.asyncore.transport.AsyncFile;
import org.asyncore.transport.Pipe;

/** Files and pipes on channels of the JDK, whose numbers are dealt here. */
final class NioDescriptors implements Descriptors {
  @Override
  public AsyncFile file(NettyTransport transport, int descriptor) {
    return new ChannelFile(transport, SharedChannel.of(descriptor));
  }

  @Override
  public AsyncFile file(NettyTransport transport, SelectableChannel channel) {
    return new ChannelFile(transport, new SharedChannel(channel));
  }

  @Override
  public Pipe pipe() {
    SharedChannel[] ends = SharedChannel.pipe();
    return new Pipe(new ChannelPipeEnd(ends[0]), new ChannelPipeEnd(ends[1]));
  }
}
