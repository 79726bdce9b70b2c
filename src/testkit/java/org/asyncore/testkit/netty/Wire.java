package org.asyncore.testkit.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.asyncore.DispatcherWithSend;
import org.asyncore.ScheduledCall;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.jspecify.annotations.Nullable;

/**
 * Carries bytes between a socket in memory and an embedded channel, both ways, through the peer's
 * own handlers if it has any; and has the channels run what is due. On the thread of the loop.
 */
final class Wire extends DispatcherWithSend {
  private static final int PIECE = 65_536;

  @SuppressWarnings("NullAway.Init") // There from join on.
  private EmbeddedChannel near;

  /** The peer's handlers; null for none. */
  private @Nullable EmbeddedChannel far;

  /** When the channels have to run tasks; null while they have none. */
  private @Nullable ScheduledCall next;

  private long dueNanos;

  Wire(AsyncSocket socket, SocketMap map) {
    super(socket, map);
  }

  void join(EmbeddedChannel channel, @Nullable EmbeddedChannel ofPeer) {
    near = channel;
    far = ofPeer;
    carry();
  }

  @Override
  public boolean readable() {
    return near.config().isAutoRead();
  }

  @Override
  public void handleRead() {
    byte[] data;
    try {
      data = Objects.requireNonNull(socket(), "no socket").recv(PIECE);
    } catch (OsException error) {
      broken(error);
      return;
    }
    if (data.length == 0) {
      ended();
      return;
    }
    if (far == null) near.writeInbound(Unpooled.wrappedBuffer(data));
    else far.writeOutbound(Unpooled.wrappedBuffer(data));
    carry();
  }

  private void broken(OsException error) {
    if (error.errno() == Errno.EAGAIN) return;
    near.pipeline().fireExceptionCaught(new IOException(error.errno().text(), error));
    ended();
  }

  /** The peer says no more. */
  private void ended() {
    if (far != null) {
      far.close();
      carry();
    }
    near.close();
    carry();
    if (fileno() >= 0 && outBufferSize() == 0) close();
  }

  /** Moves what there is, runs what is due, and so on, until nothing is left to do. */
  private void carry() {
    while (moves()) {}
    schedule();
    if (!near.isOpen() && outBufferSize() == 0 && fileno() >= 0) close();
  }

  private boolean moves() {
    near.runPendingTasks();
    if (far == null) return toPeer(near.readOutbound());
    far.runPendingTasks();
    boolean moved = pass(far.readOutbound(), near);
    moved |= pass(near.readOutbound(), far);
    return toPeer(far.readInbound()) || moved;
  }

  private static boolean pass(@Nullable ByteBuf bytes, EmbeddedChannel to) {
    if (bytes == null) return false;
    if (to.isOpen()) to.writeInbound(bytes);
    else bytes.release();
    return true;
  }

  private boolean toPeer(@Nullable ByteBuf bytes) {
    if (bytes == null) return false;
    byte[] data = ByteBufUtil.getBytes(bytes);
    bytes.release();
    if (data.length > 0 && fileno() >= 0) send(data);
    return true;
  }

  private void schedule() {
    long ofFar = far == null ? -1 : far.runScheduledPendingTasks();
    long nanos = next(near.runScheduledPendingTasks(), ofFar);
    long due = map().nanoTime() + nanos;
    boolean stands = next != null && !next.isDone() && nanos >= 0 && due == dueNanos;
    if (stands) return;
    if (next != null) next.cancel();
    dueNanos = due;
    next = nanos < 0 ? null : map().callLater(Duration.ofNanos(nanos), this::carry);
  }

  private static long next(long one, long other) {
    if (one < 0) return other;
    return other < 0 ? one : Math.min(one, other);
  }

  /** Hosted dispatchers may have something to send without having been called. */
  @Override
  public boolean writable() {
    boolean isToDo = near.hasPendingTasks() || !near.outboundMessages().isEmpty();
    if (isToDo) map().execute(this::carry);
    return super.writable();
  }

  @Override
  public void handleWrite() {
    super.handleWrite();
    carry();
  }

  @Override
  public void handleClose() {
    ended();
  }

  /** What a handler throws is the test's. */
  @Override
  public void handleError(Throwable thrown) {
    if (thrown instanceof Error error) throw error;
    if (thrown instanceof RuntimeException exception) throw exception;
    throw new IllegalStateException(thrown);
  }

  @Override
  public void close() {
    if (next != null) next.cancel();
    super.close();
    near.finishAndReleaseAll();
    if (far != null) far.finishAndReleaseAll();
  }
}
