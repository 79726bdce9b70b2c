package org.asyncore.faults;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
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

  /** A Unix domain socket of Netty's, by its descriptor alone. */
  record Native(io.netty.channel.unix.Socket socket, ByteBuffer copy) implements Link {
    Native(io.netty.channel.unix.Socket socket) {
      this(socket, ByteBuffer.allocateDirect(65_536));
    }

    @Override
    public int write(ByteBuffer bytes) {
      int most = Math.min(bytes.remaining(), copy.capacity());
      copy.clear().put(bytes.slice(bytes.position(), most));
      try {
        int taken = socket.write(copy, 0, most);
        bytes.position(bytes.position() + taken);
        return taken;
      } catch (IOException broken) {
        return BROKEN;
      }
    }

    @Override
    public int read(ByteBuffer target) {
      try {
        int came = socket.read(copy, 0, Math.min(target.remaining(), copy.capacity()));
        if (came > 0) target.put(copy.clear().limit(came));
        return came;
      } catch (IOException broken) {
        return BROKEN;
      }
    }

    @Override
    public void endOutput() {
      try {
        socket.shutdown(false, true);
      } catch (IOException broken) {
        // Then it has ended already.
      }
    }

    @Override
    public void reset() {
      close();
    }

    @Override
    public void close() {
      try {
        socket.close();
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

  /**
   * A datagram socket that speaks to one dispatcher alone. An empty datagram is its last. How much
   * of what was sent is read, and whether all was said, the kernel does not know here: the run
   * tells.
   */
  final class Datagrams implements Link {
    /** Of the largest; a kernel counts each twice, and some a while after they are read. */
    private static final int MOST_UNREAD = 25;

    private static final int LARGEST = 2_000;

    private final DatagramChannel channel;
    private final int pieceBytes;
    private final LongSupplier taken;
    private final BooleanSupplier hasEnded;
    private final ByteBuffer piece = ByteBuffer.allocate(65_536).flip();
    private SocketAddress dispatcher;
    private long sent;

    /**
     * Over a channel that is not connected, as the JDK sends no empty datagrams of one that is.
     *
     * @param most how large a datagram the other side takes whole
     * @param taken how many bytes the other side has received
     * @param hasEnded whether the other side has sent its last
     */
    Datagrams(DatagramChannel channel, int most, LongSupplier taken, BooleanSupplier hasEnded) {
      this.channel = channel;
      pieceBytes = Math.min(most, LARGEST);
      this.taken = taken;
      this.hasEnded = hasEnded;
    }

    /** Says where to. */
    void to(SocketAddress address) {
      dispatcher = address;
    }

    @Override
    public int write(ByteBuffer bytes) {
      int before = bytes.position();
      while (bytes.hasRemaining() && hasRoom()) {
        ByteBuffer next = bytes.slice(bytes.position(), Math.min(bytes.remaining(), pieceBytes));
        bytes.position(bytes.position() + next.remaining());
        sent += next.remaining();
        put(next);
      }
      return bytes.position() - before;
    }

    private boolean hasRoom() {
      long unread = sent - taken.getAsLong();
      return unread < (long) MOST_UNREAD * pieceBytes || hasEnded.getAsBoolean();
    }

    private void put(ByteBuffer datagram) {
      if (dispatcher == null) return; // It was closed before it had an address.
      try {
        channel.send(datagram, dispatcher);
      } catch (IOException e) {
        throw new AssertionError("the peer's socket does not send", e);
      }
    }

    @Override
    public int read(ByteBuffer target) {
      boolean isLast = hasEnded.getAsBoolean(); // Before the look: what is not there then never is.
      if (!piece.hasRemaining() && !next()) return isLast ? -1 : 0;
      int byteCount = Math.min(piece.remaining(), target.remaining());
      target.put(piece.slice(piece.position(), byteCount));
      piece.position(piece.position() + byteCount);
      return byteCount;
    }

    private boolean next() {
      piece.clear();
      try {
        channel.receive(piece);
      } catch (IOException e) {
        throw new AssertionError("the peer's socket does not receive", e);
      }
      return piece.flip().hasRemaining();
    }

    @Override
    public void endOutput() {
      put(ByteBuffer.allocate(0));
    }

    /** Goes without a word. */
    @Override
    public void reset() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new AssertionError("the peer's socket does not close", e);
      }
    }

    @Override
    public void close() {
      if (channel.isOpen()) endOutput();
      reset();
    }
  }
}
