package org.asyncore.netty.epoll;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.asyncore.netty.kernel.Descriptors.OpenFile;
import org.asyncore.netty.kernel.ErrnoMapping;

/** A file on epoll: any descriptor, which it owns. What the kernel says of it is the truth. */
final class EpollFile implements OpenFile {
  private final FileDescriptor descriptor;
  private final Handle handle;

  EpollFile(FileDescriptor descriptor) {
    this.descriptor = descriptor;
    handle = new Handle(descriptor);
  }

  /** Epoll's view of a descriptor. */
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
  public int number() {
    return descriptor.intValue();
  }

  @Override
  public IoHandle handle() {
    return handle;
  }

  @Override
  public boolean readsAhead() {
    return false;
  }

  @Override
  public void watched(Runnable news) {
    // By as many loops as like to.
  }

  @Override
  public int digest(int events, boolean hangUps) {
    return events;
  }

  @Override
  public int known() {
    return 0;
  }

  @Override
  public int read(ByteBuffer target) {
    return DescriptorIo.read(descriptor, target);
  }

  @Override
  public int write(ByteBuffer data) {
    return DescriptorIo.write(descriptor, data);
  }

  @Override
  public void close() {
    try {
      descriptor.close();
    } catch (IOException failed) {
      throw ErrnoMapping.osException(failed);
    }
  }
}
