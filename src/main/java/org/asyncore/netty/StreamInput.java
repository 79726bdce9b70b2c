package org.asyncore.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelConfig;
import java.nio.ByteBuffer;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.WouldBlockException;

/**
 * The receiving half of a {@link ChannelSocket}: bytes stay in the kernel until {@code recv} asks
 * for them; then the channel is handed the event that was held back, and reads just as much.
 *
 * <p>Owns what was read and not asked for. Confined to the holder of the turn.
 */
final class StreamInput {
  /** The most that one read takes from the kernel; a longer recv reads several times. */
  private static final int LONGEST_READ = 1 << 20;

  private final ChannelSocket socket;

  /** Bytes that the channel has read and nobody has asked for. */
  private final ReceiveBuffer received = new ReceiveBuffer();

  private OneRead oneRead;
  private boolean ended;
  private Errno error = Errno.OK;

  StreamInput(ChannelSocket socket) {
    this.socket = socket;
  }

  /** Reads from another channel from now on, which no loop has yet. */
  void take(ChannelConfig config, boolean noteEnd) {
    oneRead = new OneRead(socket);
    config.setRecvByteBufAllocator(oneRead);
    if (noteEnd) oneRead.noteEnd(this::end);
    ended = false;
  }

  /** Lets the channel read all there is, for whoever takes it over. */
  void readFreely() {
    oneRead.readFreely();
  }

  // --- what the channel tells ---

  void add(ByteBuf bytes) {
    received.add(bytes);
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
    int missing = byteCount - received.byteCount();
    while (missing > 0 && !ended && error == Errno.OK) {
      int longest = Math.min(missing, LONGEST_READ);
      int came = read(longest);
      if (came < longest) break; // The kernel has no more.
      missing -= came;
    }
    if (hasBytes()) return true;
    throwError();
    if (ended) return false;
    throw WouldBlockException.INSTANCE;
  }

  /** As {@link #fill}, of a socket that is not connected, and says so. */
  boolean fillUnconnected(int byteCount) {
    ByteBuf bytes = socket.channel().alloc().directBuffer(Math.min(byteCount, LONGEST_READ));
    try {
      ByteBuffer memory = bytes.internalNioBuffer(0, bytes.capacity());
      int came = socket.kernel.recvUnconnected(socket.channel(), memory);
      if (came == 0) return false;
      received.add(bytes.retainedSlice(0, came));
      return true;
    } finally {
      bytes.release();
    }
  }

  private int read(int longest) {
    int before = received.byteCount();
    oneRead.byteCount(longest);
    socket.gate.deliver(Readiness.IN);
    return received.byteCount() - before;
  }

  /**
   * Reads a byte, unless it is known what a read tells: whether there are any, the end, or why not.
   */
  void look() {
    if (!hasBytes() && !ended && error == Errno.OK) read(1);
  }

  byte[] take(int byteCount) {
    return received.take(byteCount);
  }

  int take(ByteBuffer target) {
    return received.take(target);
  }

  byte takeUrgent() {
    return socket.kernel.recvUrgent(socket.channel(), received);
  }

  /** The first of the unread bytes, the caller's own from now on; null for none. */
  ByteBuf handOver() {
    return received.next();
  }

  boolean hasEnded() {
    return ended;
  }

  boolean hasBytes() {
    return received.byteCount() > 0;
  }

  /** Whether there are so many bytes, or all that may come before a recv must end. */
  boolean isEnoughFor(int byteCount) {
    // On epoll these came before an urgent byte, where a recv ends.
    return received.byteCount() >= byteCount || (hasBytes() && !socket.kernel.hidesHangUps());
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
  void release() {
    received.release();
  }
}
