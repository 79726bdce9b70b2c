package org.asyncore.netty.nio;

import java.nio.ByteBuffer;
import org.asyncore.netty.kernel.DescriptorNumbers;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.PipeEnd;

/** An end of a pipe of the JDK's, under a number dealt here. */
final class ChannelPipeEnd implements PipeEnd {
  private final SharedChannel shared;
  private int number;

  ChannelPipeEnd(SharedChannel shared) {
    this.shared = shared;
    number = shared.open();
  }

  @Override
  public synchronized int fileno() {
    return number;
  }

  @Override
  public synchronized int read(ByteBuffer target) {
    needOpen();
    return shared.read(target);
  }

  @Override
  public synchronized int write(ByteBuffer data) {
    needOpen();
    return shared.write(data);
  }

  private void needOpen() {
    if (number < 0) throw new OsException(Errno.EBADF);
  }

  @Override
  public synchronized void close() {
    if (number < 0) return;
    int closed = number;
    number = -1;
    shared.close(closed);
    DescriptorNumbers.takeBack(closed);
  }

  @Override
  public String toString() {
    return "pipe end " + fileno();
  }
}
