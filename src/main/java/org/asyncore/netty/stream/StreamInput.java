package org.asyncore.netty.stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import java.nio.ByteBuffer;
import org.asyncore.netty.kernel.Memory;
import org.asyncore.netty.kernel.ReceiveBuffer;
import org.asyncore.netty.loop.LoopBuffers;
import org.asyncore.netty.socket.RecvAllocator;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.WouldBlockException;

/**
 * The receiving half of a {@link StreamSocket}: bytes stay in the kernel until {@code recv} asks
 * for them; then the channel is handed the event that was held back, and reads just as much.
 *
 * <p>Owns what was read and not asked for. For the holder of the turn, and for who comes past the
 * channel; a recv is guarded by this.
 */
final class StreamInput {
  /** The most that one read takes from the kernel; a longer recv reads several times. */
  private static final int LONGEST_READ = 1 << 20;

  /** A shutdown reads so many times at most, which is more than a system keeps for a socket. */
  private static final int MOST_READS = 256;

  private final StreamSocket socket;

  /** Bytes that the channel has read and nobody has asked for. */
  private final ReceiveBuffer received = new ReceiveBuffer();

  private RecvAllocator recvAllocator;

  private boolean ended;

  /** Shut down by ourselves: there is an end, and perhaps bytes before it. */
  private boolean shut;

  private Errno error = Errno.OK;

  StreamInput(StreamSocket socket) {
    this.socket = socket;
  }

  /** Reads from another channel from now on, which no loop has yet. */
  void take(ChannelConfig config, boolean noteEnd) {
    recvAllocator = new RecvAllocator(socket);
    config.setRecvByteBufAllocator(recvAllocator);
    if (noteEnd) recvAllocator.noteEnd(this::end);
    ended = false;
    shut = false;
  }

  /** How the channel is read, for whoever takes it over. */
  RecvAllocator recvAllocator() {
    return recvAllocator;
  }

  // --- what the channel tells ---

  void add(ByteBuf bytes) {
    received.add(bytes);
    socket.noteReceived();
  }

  void end() {
    ended = true;
  }

  void fail(Errno errno) {
    if (error == Errno.OK) error = errno;
  }

  // --- what a dispatcher asks for ---

  /** Makes sure that there are bytes to take; false is the end of the stream. */
  boolean fill(int byteCount) {
    readMissing(byteCount);
    if (shut) fillShut(byteCount);
    if (hasBytes()) return true;
    throwError();
    if (ended) return false;
    throw WouldBlockException.INSTANCE;
  }

  /** The kernel goes on giving what it has of a stream that is shut down. */
  private void fillShut(int byteCount) {
    int missing = byteCount - received.byteCount();
    if (missing > 0 && !socket.kernel().hidesHangUps()) fillUnconnected(missing);
  }

  /** Before the channel's input is shut down: the JDK reads nothing of it afterwards. */
  synchronized void shut() {
    if (!shut && socket.kernel().hidesHangUps()) readAll();
    shut = true;
  }

  private void readAll() {
    int longest = LoopBuffers.SIZE;
    for (int reads = 0; reads < MOST_READS && !ended && error == Errno.OK; reads++) {
      if (read(longest) < longest) return;
    }
  }

  private void readMissing(int byteCount) {
    int missing = byteCount - received.byteCount();
    while (missing > 0 && !ended && error == Errno.OK) {
      int longest = Math.min(missing, LONGEST_READ);
      int came = read(longest);
      if (came < longest) break; // The kernel has no more.
      missing -= came;
    }
  }

  /** As {@link #fill}, of a socket that is not connected, and says so. */
  boolean fillUnconnected(int byteCount) {
    ByteBuf bytes = Memory.direct(socket.channel().alloc(), Math.min(byteCount, LONGEST_READ));
    try {
      ByteBuffer memory = bytes.internalNioBuffer(0, bytes.capacity());
      int came = socket.kernel().recvNow(socket.channel(), memory);
      if (came == 0) return false;
      add(bytes.retainedSlice(0, came));
      return true;
    } finally {
      bytes.release();
    }
  }

  private int read(int longest) {
    int before = received.byteCount();
    recvAllocator.byteCount(longest);
    socket.gate().deliver(Readiness.IN);
    return received.byteCount() - before;
  }

  /**
   * Reads a byte, unless it is known what a read tells: whether there are any, the end, or why not.
   */
  synchronized void look() {
    if (!hasBytes() && !ended && error == Errno.OK) read(1);
  }

  byte[] take(int byteCount) {
    return received.take(byteCount);
  }

  int take(ByteBuffer target) {
    return received.take(target);
  }

  synchronized byte takeUrgent() {
    byte urgent = socket.kernel().recvUrgent(socket.channel(), received);
    socket.noteReceived();
    return urgent;
  }

  /** What nobody has asked for, the caller's own from now on; null for none. */
  synchronized ByteBuf handOver() {
    if (!hasBytes()) return null;
    ByteBuf unread = socket.channel().alloc().buffer(received.byteCount());
    for (ByteBuf piece; (piece = received.next()) != null; piece.release()) {
      unread.writeBytes(piece);
    }
    return unread;
  }

  boolean hasEnded() {
    return ended;
  }

  int byteCount() {
    return received.byteCount();
  }

  boolean hasBytes() {
    return received.byteCount() > 0;
  }

  /** Whether there are so many bytes, or all that may come before a recv must end. */
  boolean isEnoughFor(int byteCount) {
    if (!hasBytes()) return false;
    if (received.byteCount() >= byteCount) return true;
    return !socket.kernel().hidesHangUps(); // On epoll they came before an urgent one.
  }

  Errno takeError() {
    Errno taken = error;
    error = Errno.OK;
    return taken;
  }

  void throwError() {
    Errno errno = takeError();
    if (errno != Errno.OK) throw new OsException(errno);
  }

  /** Forgets what nobody has asked for. */
  synchronized void release() {
    received.release();
  }
}
