package org.asyncore.netty.kernel;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Bytes that a channel read and {@code recv} has not asked for yet, in order.
 *
 * <p>Owns each {@link ByteBuf} from {@link #add} until its last byte is taken. Confined to the
 * holder of the turn.
 */
public class ReceiveBuffer {
  /** What a piece costs beside its bytes, however few they are. */
  private static final int PIECE_COST = 256;

  /** The oldest piece, mostly the only one; null for none. */
  private ByteBuf first;

  /** What came after it; null as long as nothing ever had to wait behind another piece. */
  private ArrayDeque<ByteBuf> others;

  private int byteCount;

  public void add(ByteBuf piece) {
    if (!piece.isReadable()) {
      piece.release();
      return;
    }
    byteCount += piece.readableBytes();
    if (first == null) first = piece;
    else addBehind(piece);
  }

  private void addBehind(ByteBuf piece) {
    if (others == null) others = new ArrayDeque<>(2);
    others.add(piece);
  }

  public int byteCount() {
    return byteCount;
  }

  /** How much is held, counting what a peer may cost that sends a byte at a time. */
  public int weight() {
    return byteCount + pieces() * PIECE_COST;
  }

  /** In how many buffers it is. */
  public int pieces() {
    if (first == null) return 0;
    return others == null ? 1 : 1 + others.size();
  }

  /** The oldest piece, the caller's own from now on; null if there is none. */
  public ByteBuf next() {
    ByteBuf piece = poll();
    if (piece != null) byteCount -= piece.readableBytes();
    return piece;
  }

  private ByteBuf poll() {
    ByteBuf piece = first;
    first = others == null ? null : others.poll();
    return piece;
  }

  /** The next bytes, at most {@code limit} of them. */
  public byte[] take(int limit) {
    byte[] bytes = new byte[Math.min(limit, byteCount)];
    for (int taken = 0; taken < bytes.length; ) {
      ByteBuf piece = first;
      int part = Math.min(piece.readableBytes(), bytes.length - taken);
      piece.readBytes(bytes, taken, part);
      taken += part;
      dropIfEmpty(piece);
    }
    byteCount -= bytes.length;
    return bytes;
  }

  /** As {@link #take(int)}, into a buffer; says how many bytes came. */
  public int take(ByteBuffer target) {
    int limit = target.limit();
    int total = Math.min(target.remaining(), byteCount);
    for (int taken = 0; taken < total; ) {
      ByteBuf piece = first;
      int part = Math.min(piece.readableBytes(), total - taken);
      target.limit(target.position() + part);
      piece.readBytes(target);
      taken += part;
      dropIfEmpty(piece);
    }
    target.limit(limit);
    byteCount -= total;
    return total;
  }

  private void dropIfEmpty(ByteBuf piece) {
    if (!piece.isReadable()) poll().release();
  }

  public void release() {
    for (ByteBuf piece; (piece = poll()) != null; ) piece.release();
    byteCount = 0;
  }
}
