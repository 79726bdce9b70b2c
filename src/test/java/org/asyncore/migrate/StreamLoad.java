package org.asyncore.migrate;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Many connections to an echo server at once, by one thread of plain NIO. Each sends a stream of
 * its own as fast as it is taken, compares every byte that comes back with the one that has to, and
 * ends its stream after the last.
 */
final class StreamLoad {
  private static final long LIMIT_MILLIS = TimeUnit.SECONDS.toMillis(60);

  /** All streams are cuts of this, which goes round; the length is prime. */
  private static final byte[] PATTERN = new byte[65_537];

  static {
    new Random(11).nextBytes(PATTERN);
  }

  private final int byteCount;
  private final Selector selector = Selector.open();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(16_384);
  private final byte[] received = new byte[buffer.capacity()];

  private int open;

  /** What went wrong first; null if all is well. */
  private IOException failure;

  private StreamLoad(int byteCount) throws IOException {
    this.byteCount = byteCount;
  }

  /**
   * Returns when all streams have come back and the server has ended each.
   *
   * @param byteCount how long each stream is
   */
  static Void run(InetSocketAddress server, int connections, int byteCount) throws IOException {
    StreamLoad load = new StreamLoad(byteCount);
    try {
      for (int i = 0; i < connections; i++) load.connect(server, i);
      load.exchange();
    } finally {
      for (SelectionKey key : load.selector.keys()) key.channel().close();
      load.selector.close();
    }
    return null;
  }

  private final class Stream {
    private final SocketChannel channel;
    private final int number;
    private int sent;
    private int got;

    Stream(SocketChannel channel, int number) {
      this.channel = channel;
      this.number = number;
    }

    private int indexOf(int position) {
      return (int) ((number * 7919L + position) % PATTERN.length);
    }

    void send(SelectionKey key) throws IOException {
      while (sent < byteCount) {
        int start = indexOf(sent);
        int length =
            Math.min(byteCount - sent, Math.min(buffer.capacity(), PATTERN.length - start));
        buffer.clear().put(PATTERN, start, length).flip();
        sent += channel.write(buffer);
        if (buffer.hasRemaining()) return;
      }
      key.interestOps(SelectionKey.OP_READ);
    }

    void receive() throws IOException {
      buffer.clear();
      int count = channel.read(buffer);
      if (count < 0) throw new EOFException("stream " + number + " ended after " + got + " bytes");
      buffer.flip().get(received, 0, count);
      for (int i = 0; i < count; i++, got++) {
        if (got < byteCount && received[i] == PATTERN[indexOf(got)]) continue;
        throw new IOException("stream " + number + ": a wrong byte at " + got);
      }
    }

    boolean isBack() {
      return got == byteCount;
    }
  }

  private void connect(InetSocketAddress server, int number) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.SO_SNDBUF, 16_384); // Less in the kernel: more load.
    channel.connect(server);
    channel.configureBlocking(false);
    channel.register(
        selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE, new Stream(channel, number));
    open++;
  }

  private void exchange() throws IOException {
    while (open > 0) {
      if (selector.select(this::serve, LIMIT_MILLIS) == 0) {
        throw new IOException("nothing comes any more for " + open + " streams");
      }
      if (failure != null) throw failure;
    }
  }

  private void serve(SelectionKey key) {
    Stream stream = (Stream) key.attachment();
    try {
      if (key.isWritable()) stream.send(key);
      if (key.isReadable()) stream.receive();
      if (stream.isBack()) end(key, stream.channel);
    } catch (IOException failed) {
      if (failure == null) failure = failed;
      key.cancel();
    }
  }

  /** The server has nothing more to say, and ends its stream, too. */
  private void end(SelectionKey key, SocketChannel channel) throws IOException {
    open--;
    key.cancel();
    channel.configureBlocking(true);
    channel.shutdownOutput();
    channel.socket().setSoTimeout(TlsWorld.LIMIT_MILLIS);
    if (channel.socket().getInputStream().read() >= 0)
      throw new IOException("more bytes than were sent");
    channel.close();
  }
}
