package org.asyncore.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * One connection that sends messages and checks their echo. Positions count from its first byte.
 */
final class EchoStream {
  private final SocketChannel channel;
  private final Wire wire;
  private final ByteBuffer outgoing;
  private final ByteBuffer expected;
  private final long start;
  private final int messageBytes;

  /** When a message that is on its way was sent, by its number modulo the depth. */
  private final long[] sentAt;

  private SelectionKey key;
  private boolean reading = true;
  private long allowed;
  private long sent;
  private long received;

  EchoStream(SocketChannel channel, Pattern pattern, int number, int messageBytes, int depth) {
    this(channel, Wire.plain(channel), pattern, number, messageBytes, depth);
  }

  EchoStream(
      SocketChannel channel, Wire wire, Pattern pattern, int number, int messageBytes, int depth) {
    this.channel = channel;
    this.wire = wire;
    this.messageBytes = messageBytes;
    outgoing = pattern.view();
    expected = pattern.view();
    start = Pattern.start(number);
    sentAt = new long[depth];
  }

  void key(SelectionKey key) {
    this.key = key;
  }

  long received() {
    return received;
  }

  /** Whether all that may be sent was sent and has come back. */
  boolean isAnswered() {
    return received == allowed;
  }

  /** Allows as many messages as the depth leaves room for. */
  void grant(long now) {
    long first = allowed / messageBytes;
    long end = received / messageBytes + sentAt.length;
    for (long message = first; message < end; message++) {
      sentAt[(int) (message % sentAt.length)] = now;
    }
    allowed = end * messageBytes;
  }

  /** Sends what is allowed, as far as the system takes it. */
  void flush() throws IOException {
    while (sent < allowed) {
      ByteBuffer piece = Pattern.show(outgoing, start + sent, allowed - sent);
      sent += wire.write(piece);
      if (piece.hasRemaining()) break;
    }
    int wanted = reading ? SelectionKey.OP_READ : 0;
    if (!wire.flush() || sent < allowed) wanted |= SelectionKey.OP_WRITE;
    if (key.interestOps() != wanted) key.interestOps(wanted);
  }

  /** Whether it takes what comes; it does unless told otherwise. */
  void reading(boolean reading) throws IOException {
    this.reading = reading;
    flush();
  }

  /** Takes what has come; says whether there was anything. */
  boolean receive(ByteBuffer buffer, long now, Histogram times) throws IOException {
    int came = wire.read(buffer.clear());
    if (came < 0) throw new IOException("the server closed " + channel);
    if (received + came > sent) throw new IllegalStateException("more came back than was sent");
    Pattern.check(buffer.flip(), expected, start + received);
    long first = received / messageBytes;
    received += came;
    for (long message = first; message < received / messageBytes; message++) {
      times.add(now - sentAt[(int) (message % sentAt.length)]);
    }
    return came > 0;
  }

  void close() throws IOException {
    channel.close();
  }
}
