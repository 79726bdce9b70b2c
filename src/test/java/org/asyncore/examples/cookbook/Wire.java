package org.asyncore.examples.cookbook;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.asyncore.transport.PipeEnd;

/**
 * What a guest of a recipe talks over. Every read of it has a bound.
 *
 * @param in what the recipe says
 * @param out what the guest says
 * @param ending how the guest says no more
 * @param reset how it goes away without a word
 * @param close how it goes away with one
 */
record Wire(InputStream in, OutputStream out, Way ending, Way reset, Way close) {
  private static final int SECONDS = 30;
  private static final int SMALL = 16 << 10;

  /** A way to go. */
  interface Way {
    void go() throws IOException;
  }

  /** There is nothing to say, and nothing to hear. */
  static Wire none() {
    Way nothing = () -> {};
    return new Wire(
        InputStream.nullInputStream(), OutputStream.nullOutputStream(), nothing, nothing, nothing);
  }

  /** To a listener; a slow reader has a small buffer, too. */
  static Wire to(InetSocketAddress address, boolean isSlow) throws IOException {
    Socket socket = new Socket();
    if (isSlow) socket.setReceiveBufferSize(SMALL);
    socket.connect(address, SECONDS * 1000);
    return over(socket);
  }

  static Wire over(Socket socket) throws IOException {
    return over(socket, socket);
  }

  /** The same through TLS: a reset is one of the socket below. */
  static Wire over(Socket socket, Socket plain) throws IOException {
    plain.setSoTimeout(SECONDS * 1000);
    plain.setTcpNoDelay(true);
    return new Wire(
        new BufferedInputStream(socket.getInputStream()),
        socket.getOutputStream(),
        socket::shutdownOutput,
        () -> Kitchen.reset(plain),
        socket::close);
  }

  /** A pipe for each way. */
  static Wire over(PipeEnd reader, PipeEnd writer) {
    Way close =
        () -> {
          writer.close();
          reader.close();
        };
    return new Wire(
        new BufferedInputStream(new Reading(reader)),
        new Writing(writer),
        writer::close,
        close,
        close);
  }

  private static final long WAIT_NANOS = Duration.ofSeconds(SECONDS).toNanos();

  private static final class Reading extends InputStream {
    private final PipeEnd pipe;

    Reading(PipeEnd pipe) {
      this.pipe = pipe;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        int count = pipe.read(ByteBuffer.wrap(target, offset, length), WAIT_NANOS);
        if (count == 0) throw new IOException("waited " + SECONDS + " s for a pipe");
        return count;
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  private static final class Writing extends OutputStream {
    private final PipeEnd pipe;

    Writing(PipeEnd pipe) {
      this.pipe = pipe;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
      try {
        ByteBuffer rest = ByteBuffer.wrap(data, offset, length);
        while (rest.hasRemaining()) {
          if (pipe.write(rest, WAIT_NANOS) == 0) {
            throw new IOException("waited " + SECONDS + " s for room in a pipe");
          }
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }
}
