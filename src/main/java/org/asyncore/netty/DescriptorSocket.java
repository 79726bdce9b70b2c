package org.asyncore.netty;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.asyncore.transport.Errno;

/** A file on epoll: any descriptor, which it owns. What the kernel says of it is the truth. */
final class DescriptorSocket extends FileSocket {
  private final FileDescriptor descriptor;

  DescriptorSocket(NettyTransport transport, FileDescriptor descriptor) {
    super(transport, new Handle(descriptor));
    this.descriptor = descriptor;
    number(descriptor.intValue());
  }

  /** Epoll's view of a descriptor. Its events all stay at the gate. */
  private record Handle(FileDescriptor fd) implements EpollIoHandle {
    @Override
    public void handle(IoRegistration registration, IoEvent event) {
      throw new IllegalStateException("an event past the gate");
    }

    @Override
    public void close() throws IOException {
      fd.close(); // The loop has ended.
    }
  }

  @Override
  void enlist() {
    try {
      super.enlist();
    } catch (UncheckedIOException refused) {
      if (ErrnoMapping.errno(refused) != Errno.EPERM) throw ErrnoMapping.osException(refused);
      deregister();
      answerAlways(); // A disk file: epoll does not watch it.
    }
  }

  @Override
  int digest(int events) {
    return events;
  }

  @Override
  int read(ByteBuffer target) {
    return DescriptorIo.read(descriptor, target);
  }

  @Override
  int write(ByteBuffer data) {
    return DescriptorIo.write(descriptor, data);
  }

  @Override
  void closeChannel() {
    deregister();
    try {
      descriptor.close();
    } catch (IOException failed) {
      throw ErrnoMapping.osException(failed);
    }
  }
}
