package org.asyncore.netty.pipeline;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.WouldBlockException;

/**
 * What the program sends into a pipeline: on the thread that has the turn straight to its output;
 * on others, while a callback has the turn, or may have it, into a buffer, as they must not wait
 * for the callback, which may be waiting for them. That leaves when the callback is over, ahead of
 * what the loop's own thread sends next.
 *
 * <p>The buffer is bounded by {@value #MOST} bytes. Safe from any thread.
 */
final class PipelineSends {
  private static final int MOST = 65536;

  private final PipelineSocket socket;

  /** Null while nothing waits. */
  private ByteBuf bytes;

  /** Looked at without the lock, as there hardly ever is anything. */
  private volatile boolean isEmpty = true;

  private boolean hasEnded;

  PipelineSends(PipelineSocket socket) {
    this.socket = socket;
  }

  int send(byte[] data, int offset, int byteCount) {
    if (!enter()) return sendBeside(ByteBuffer.wrap(data, offset, byteCount));
    try {
      return sent(out().send(data, offset, byteCount));
    } finally {
      socket.leave();
    }
  }

  int send(ByteBuffer data) {
    if (!enter()) return sendBeside(data);
    try {
      return sent(out().send(data));
    } finally {
      socket.leave();
    }
  }

  int send(ByteBuf data) {
    if (!enter()) {
      int taken = sendBeside(data.nioBuffer());
      data.skipBytes(taken);
      return taken;
    }
    try {
      return sent(out().send(data));
    } finally {
      socket.leave();
    }
  }

  /** Takes the buffer itself if there is room for it. */
  boolean offer(ByteBuf data) {
    if (!enter()) return offerBeside(data);
    try {
      boolean taken = out().offer(data);
      socket.driver().sent();
      return taken;
    } finally {
      socket.leave();
    }
  }

  private boolean enter() {
    return socket.enterUnlessCalling("send");
  }

  /** Where the holder of the turn sends, behind what came beside it. */
  private PipelineOutput out() {
    if (socket.connect().isUnderWay()) throw WouldBlockException.INSTANCE;
    sendOn();
    return socket.stream().out;
  }

  private int sent(int taken) {
    socket.driver().sent();
    return taken;
  }

  // --- beside a callback ---

  /** Takes what there is room for; the position moves behind that. */
  private int sendBeside(ByteBuffer data) {
    needUp();
    int taken = add(data);
    if (taken == 0 && data.hasRemaining()) throw WouldBlockException.INSTANCE;
    if (taken > 0) handOver();
    return taken;
  }

  private boolean offerBeside(ByteBuf data) {
    needUp();
    if (!addWhole(data.nioBuffer())) return false;
    handOver();
    data.release();
    return true;
  }

  private void handOver() {
    if (!socket.driver().handOver(this::sendHandedOver)) throw new OsException(Errno.ENOTCONN);
  }

  private void sendHandedOver() {
    if (isEmpty || !enter()) return;
    try {
      sendOn();
    } finally {
      socket.leave(); // The dispatcher may have more to send.
    }
  }

  private void needUp() {
    socket.needOpen();
    if (socket.connect().isUnderWay()) throw WouldBlockException.INSTANCE;
    if (!socket.channel().isActive()) throw new OsException(Errno.ENOTCONN);
  }

  /** Sends all that waits; for the holder of the turn. */
  void sendOn() {
    if (isEmpty) return;
    ByteBuf waiting = take();
    if (waiting == null) return;
    socket.stream().out.append(waiting);
    socket.stream().out.flush();
  }

  /** Takes what there is room for; says how many bytes, and moves the position behind them. */
  private synchronized int add(ByteBuffer data) {
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
  private synchronized boolean addWhole(ByteBuffer data) {
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
  private synchronized ByteBuf take() {
    ByteBuf taken = bytes;
    bytes = null;
    isEmpty = true;
    return taken;
  }
}
