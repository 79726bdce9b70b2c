package org.asyncore.faults;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.PipeEnd;

/** The peer's end of a connection, as the system has it; nothing here waits. */
interface Link {
  /** The connection is broken: there is nothing more to be read or written. */
  int BROKEN = -2;

  /** How many bytes the kernel took; {@link #BROKEN}. */
  int write(ByteBuffer bytes);

  /** How many bytes came, 0 for none now, -1 for the end; {@link #BROKEN}. */
  int read(ByteBuffer target);

  void endOutput();

  /** Closes it, by a reset where the system has one. */
  void reset();

  void close();

  /** A socket of the JDK's. */
  record Socket(SocketChannel channel, boolean canReset) implements Link {
    @Override
    public int write(ByteBuffer bytes) {
      try {
        return channel.write(bytes);
      } catch (IOException broken) {
        return BROKEN;
      }
    }

    @Override
    public int read(ByteBuffer target) {
      try {
        return channel.read(target);
      } catch (IOException broken) {
        return BROKEN;
      }
    }

    @Override
    public void endOutput() {
      try {
        channel.shutdownOutput();
      } catch (IOException broken) {
        // Then it has ended already.
      }
    }

    @Override
    public void reset() {
      try {
        if (canReset) channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      } catch (IOException broken) {
        // Then the other end was faster.
      }
      close();
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new AssertionError("the peer's socket does not close", e);
      }
    }
  }

  /** An end of a pipe. */
  record Pipe(PipeEnd end, boolean isReader) implements Link {
    @Override
    public int write(ByteBuffer bytes) {
      if (isReader) return BROKEN;
      try {
        return end.write(bytes);
      } catch (OsException error) {
        if (error.errno() != Errno.EPIPE) throw error;
        return BROKEN;
      }
    }

    @Override
    public int read(ByteBuffer target) {
      return isReader ? end.read(target) : -1; // Nothing ever comes that way.
    }

    @Override
    public void endOutput() {
      if (!isReader) end.close();
    }

    @Override
    public void reset() {
      end.close();
    }

    @Override
    public void close() {
      end.close();
    }
  }
}
