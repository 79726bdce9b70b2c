package org.asyncore.compat.play;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.PipeEnd;

/** The end of a pipe whose other end a file_dispatcher has. */
final class PipePeer extends StreamPeer {
  private final PipeEnd end;

  PipePeer(PipeEnd end) {
    this.end = end;
  }

  @Override
  public boolean isSocket() {
    return false;
  }

  @Override
  int read(ByteBuffer target) {
    return end.read(target);
  }

  @Override
  int write(ByteBuffer data) throws IOException {
    try {
      return end.write(data);
    } catch (OsException error) {
      if (error.errno() != Errno.EPIPE) throw error;
      throw new IOException(Errno.EPIPE.text(), error);
    }
  }

  @Override
  public void close() {
    end.close();
  }
}
