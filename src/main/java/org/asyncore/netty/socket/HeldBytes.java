package org.asyncore.netty.socket;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.asyncore.netty.loop.LoopBuffers;

/**
 * What one connection was given to send and the channel does not have yet: one buffer, however many
 * sends there were.
 *
 * <p>The loop's thread adds to it without a lock. Whoever else comes, as the watch of {@link
 * HeldSends} does, takes bytes from the front, up to where the last send ended. Guarded by the
 * output that it belongs to are the methods that say so. Owns the buffer.
 */
public final class HeldBytes {
  /** Null for nothing. */
  private ByteBuf bytes;

  /** Where the last send ended: before that others may take bytes. */
  private final AtomicInteger end = new AtomicInteger();

  /** How many of the bytes have left past the channel. */
  private int sentPast;

  /** Gets the buffer back; null for one of an allocator. */
  private LoopBuffers owner;

  // --- for the loop's thread ---

  /** Whether there is no buffer; one that is there may have no bytes left. */
  public boolean isEmpty() {
    return bytes == null;
  }

  /** Begins with a buffer of a loop's, or with another one that is nobody else's. */
  public void begin(ByteBuf buffer, LoopBuffers owner) {
    this.owner = owner;
    bytes = buffer;
  }

  /** How many bytes were added, of which some may have left past the channel. */
  public int added() {
    return bytes == null ? 0 : bytes.readableBytes();
  }

  /** Whether so many more find room without other memory. */
  public boolean hasRoomFor(int byteCount) {
    return bytes != null && bytes.writableBytes() >= byteCount;
  }

  /** Makes room for so many more. Guarded: others may be looking at its memory. */
  public void grow(int byteCount) {
    bytes.ensureWritable(byteCount);
  }

  /** Adds bytes, to be shown by {@link #sendEnded}. */
  public void add(byte[] data, int offset, int byteCount) {
    bytes.writeBytes(data, offset, byteCount);
  }

  /** As the other form; the position moves behind what was added. */
  public void add(ByteBuffer data, int byteCount) {
    int limit = data.limit();
    data.limit(data.position() + byteCount);
    bytes.writeBytes(data);
    data.limit(limit);
  }

  /** Others may take what was added. */
  public void sendEnded() {
    if (bytes != null) end.lazySet(bytes.writerIndex());
  }

  // --- for whoever comes past the channel; all guarded ---

  /** How many bytes there are to take. */
  public int left() {
    return end.get() - sentPast;
  }

  /** What there is to take. */
  public ByteBuffer memory() {
    return bytes.nioBuffer(sentPast, left());
  }

  /** So many have left. */
  public void sentPast(int byteCount) {
    sentPast += byteCount;
  }

  // --- its end; all guarded ---

  /**
   * Empties it.
   *
   * @param writing is given what has not left, and releases it; not called for nothing
   * @return how many bytes it was given
   */
  public int handTo(Consumer<ByteBuf> writing) {
    ByteBuf left = take();
    int byteCount = left == null ? 0 : left.readableBytes();
    if (byteCount == 0) {
      giveBack(left);
      return 0;
    }
    LoopBuffers returnTo = owner;
    if (returnTo != null) left.retain(); // So that it comes back when the channel is done with it.
    try {
      writing.accept(left);
    } finally {
      if (returnTo != null) returnTo.giveBack(left);
    }
    return byteCount;
  }

  /** Forgets all of it. */
  public void drop() {
    giveBack(take());
  }

  /** As {@link #drop}, of an event loop that has ended, and its buffers with it. */
  public void release() {
    ByteBuf left = take();
    if (left != null) left.release();
  }

  private ByteBuf take() {
    ByteBuf left = bytes;
    if (left == null) return null;
    bytes = null;
    end.lazySet(0);
    left.skipBytes(sentPast);
    sentPast = 0;
    return left;
  }

  private void giveBack(ByteBuf buffer) {
    if (buffer == null) return;
    if (owner != null) owner.giveBack(buffer);
    else buffer.release();
  }
}
