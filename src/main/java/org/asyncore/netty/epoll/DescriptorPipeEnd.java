package org.asyncore.netty.epoll;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.PipeEnd;

/** An end of a pipe of the system's. */
final class DescriptorPipeEnd implements PipeEnd {
  private final FileDescriptor descriptor;

  DescriptorPipeEnd(FileDescriptor descriptor) {
    this.descriptor = descriptor;
  }

  @Override
  public synchronized int fileno() {
    return descriptor.isOpen() ? descriptor.intValue() : -1;
  }

  @Override
  public synchronized int read(ByteBuffer target) {
    needOpen();
    return DescriptorIo.read(descriptor, target);
  }

  @Override
  public synchronized int write(ByteBuffer data) {
    needOpen();
    return DescriptorIo.write(descriptor, data);
  }

  private void needOpen() {
    if (!descriptor.isOpen()) throw new OsException(Errno.EBADF);
  }

  @Override
  public synchronized void close() {
    try {
      descriptor.close();
    } catch (IOException failed) {
      throw ErrnoMapping.osException(failed);
    }
  }

  @Override
  public String toString() {
    return "pipe end " + fileno();
  }
}
