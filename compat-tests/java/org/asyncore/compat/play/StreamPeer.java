package org.asyncore.compat.play;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.asyncore.transport.Errno;

/** One end of a stream: a socket or an end of a pipe. */
abstract class StreamPeer implements Peer {
  static final int ALL = 1 << 30;

  private static final int PIECE = 65536;
  private static final byte[] NO_BYTES = {};

  /** No connection came about, or it was reset and that was told once: reads find the end. */
  private boolean isOver;

  /** Read ahead by {@link #drain}, not yet reported. */
  private byte[] inbox = NO_BYTES;

  /** Reads without waiting: how many bytes came, 0 if there are none now, -1 at the end. */
  abstract int read(ByteBuffer target) throws IOException;

  /** Writes without waiting: how many bytes were taken. */
  abstract int write(ByteBuffer data) throws IOException;

  final boolean isOver() {
    return isOver;
  }

  final void over(boolean isOver) {
    this.isOver = isOver;
  }

  /** What {@link #receive} found: the bytes, and how the stream stands. */
  @SuppressWarnings("ArrayRecordComponent") // The array is handed over, never shared or compared.
  record Received(byte[] data, State state) {}

  /** How a stream stands after a read. */
  enum State {
    OPEN,
    EOF,
    RESET,
    TIMEOUT
  }

  /** Sends everything; that nobody is there any more is not the peer's story to tell. */
  final void send(byte[] data, Waiting waiting) throws IOException, InterruptedException {
    if (isOver) return;
    ByteBuffer rest = ByteBuffer.wrap(data);
    Waiting.Attempt<ByteBuffer> attempt =
        () -> {
          write(rest);
          return rest.hasRemaining() ? null : rest;
        };
    try {
      if (waiting.until(attempt) == null) {
        throw new SocketTimeoutException("no room for " + rest.remaining() + " bytes");
      }
    } catch (IOException e) {
      if (!PlainErrors.isBroken(e)) throw e;
    }
  }

  /** How many bytes {@link #drain} has read that are not yet reported. */
  final int drained() {
    return inbox.length;
  }

  /** Reads at most so many bytes, if there are any, and keeps them for {@link #receive}. */
  final void drain(int byteCount) throws IOException {
    byte[] piece = read(byteCount);
    if (piece != null) inbox = joined(inbox, piece);
  }

  /** Reads, and throws away, what comes within {@code waitNanos}; whether anything did. */
  final boolean discard(Waiting waiting, long waitNanos) throws IOException, InterruptedException {
    byte[] piece = waiting.until(() -> read(PIECE), waitNanos);
    return piece != null && piece.length > 0;
  }

  /**
   * Takes up to {@code wanted} bytes.
   *
   * @param waiting null to take what is there
   */
  final Received receive(int wanted, Waiting waiting) throws IOException, InterruptedException {
    byte[] data = Arrays.copyOf(inbox, Math.min(wanted, inbox.length));
    inbox = Arrays.copyOfRange(inbox, data.length, inbox.length);
    while (data.length < wanted) {
      int missing = wanted - data.length;
      byte[] piece;
      try {
        piece = waiting == null ? read(missing) : waiting.until(() -> read(missing));
      } catch (IOException e) {
        if (PlainErrors.errno(e) != Errno.ECONNRESET) throw e;
        isOver = true;
        return new Received(data, State.RESET);
      }
      if (piece == null) return new Received(data, waiting == null ? State.OPEN : State.TIMEOUT);
      if (piece.length == 0) return new Received(data, State.EOF);
      data = joined(data, piece);
    }
    return new Received(data, State.OPEN);
  }

  /** One read: null if nothing is there, no bytes at the end of the stream. */
  private byte[] read(int byteCount) throws IOException {
    if (isOver) return NO_BYTES;
    ByteBuffer piece = ByteBuffer.allocate(Math.min(PIECE, byteCount));
    int count = read(piece);
    if (count == 0) return null;
    return count < 0 ? NO_BYTES : Arrays.copyOf(piece.array(), count);
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
