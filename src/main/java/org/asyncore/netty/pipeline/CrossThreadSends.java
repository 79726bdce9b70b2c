package org.asyncore.netty.pipeline;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;

/**
 * What other threads send into a pipeline while a callback has the loop's turn, which they must not
 * wait for: the callback may be waiting for them. It leaves when the callback is over, ahead of
 * what the loop's own thread sends next.
 *
 * <p>Bounded by {@value #MOST} bytes. Safe from any thread.
 */
final class CrossThreadSends {
  private static final int MOST = 65536;

  /** Null while nothing waits. */
  private ByteBuf bytes;

  /** Looked at without the lock, as there hardly ever is anything. */
  private volatile boolean isEmpty = true;

  private boolean hasEnded;

  boolean isEmpty() {
    return isEmpty;
  }

  /** Takes what there is room for; says how many bytes, and moves the position behind them. */
  synchronized int add(ByteBuffer data) {
    if (hasEnded) throw new OsException(Errno.EBADF);
    int waiting = bytes == null ? 0 : bytes.readableBytes();
    int taken = Math.min(data.remaining(), MOST - waiting);
    if (taken == 0) return 0;
    if (bytes == null) bytes = Unpooled.buffer(taken, MOST);
    ByteBuffer part = data.duplicate();
    part.limit(part.position() + taken);
    bytes.writeBytes(part);
    data.position(data.position() + taken);
    isEmpty = false;
    return taken;
  }

  /** Takes all of these bytes, if there is room for them. */
  synchronized boolean addWhole(ByteBuffer data) {
    int waiting = bytes == null ? 0 : bytes.readableBytes();
    if (data.remaining() > MOST - waiting) return false;
    add(data);
    return true;
  }

  /** Takes nothing from now on: the socket closes behind what waits. */
  synchronized void end() {
    hasEnded = true;
  }

  /** All that waits, the caller's own; null for nothing. */
  synchronized ByteBuf take() {
    ByteBuf taken = bytes;
    bytes = null;
    isEmpty = true;
    return taken;
  }
}
