package org.asyncore.netty.stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import java.nio.ByteBuffer;
import org.asyncore.netty.kernel.Memory;
import org.asyncore.netty.loop.LoopBuffers;
import org.asyncore.netty.socket.HeldBytes;
import org.asyncore.netty.socket.HeldSends;
import org.asyncore.netty.socket.NettySocket;
import org.asyncore.netty.stream.StreamSocket.Phase;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.WouldBlockException;

/**
 * The sending half of a {@link StreamSocket}. What the kernel does not take stays with the channel,
 * at most one piece of {@value #PIECE} bytes; until it is gone the socket counts as full, as it
 * does to the kernel.
 *
 * <p>The first send of a pass leaves at once: the callback may wait for what the peer makes of it.
 * Of a dispatcher that has sent more than once in the pass in which it sent last, sends are held
 * back until its callbacks end, or {@link HeldSends} finds that they do not.
 *
 * <p>Owns what was taken and is not flushed. For the holder of the turn, and for who comes past the
 * channel; guarded by itself, so that what they write keeps its order. What is held back needs no
 * lock to become longer.
 */
final class StreamOutput {
  /** Netty counts a piece as pending until all of it is gone, so pieces are small. */
  private static final int PIECE = 65536;

  private static final int SMALLEST_BUFFER = 256;

  private final StreamSocket socket;

  /** Bytes that were taken and that the channel does not have yet. */
  private final HeldBytes unflushed = new HeldBytes();

  private final HeldSends.Pace pace = new HeldSends.Pace();

  /** {@link HeldSends} has it, and sees to it that what was taken leaves. */
  private boolean isHeld;

  private boolean writing;

  /** What the next send tells; once, as the kernel. */
  private Errno error = Errno.OK;

  /** Bytes are lost that were taken, and none may follow. */
  private volatile boolean broken;

  /** The stream ends when what the channel has is gone. */
  private volatile boolean endsWhenFlushed;

  StreamOutput(StreamSocket socket) {
    this.socket = socket;
  }

  /** Whether the channel is at work for this half, so that what it reports belongs here. */
  boolean isWriting() {
    return writing;
  }

  void fail(Errno errno) {
    if (error == Errno.OK) error = errno;
    broken = true;
  }

  // --- what a dispatcher sends, on any thread ---

  int send(byte[] data, int offset, int byteCount) {
    if (!socket.enterUnlessCalling()) return sendBeside(ByteBuffer.wrap(data, offset, byteCount));
    try {
      if (isConnected()) return write(data, offset, null, byteCount);
      return socket.kernel().sendNow(channel(), ByteBuffer.wrap(data, offset, byteCount));
    } finally {
      socket.exit();
    }
  }

  int send(ByteBuffer data) {
    if (!socket.enterUnlessCalling()) return sendBeside(data);
    try {
      if (isConnected()) return write(null, 0, data, data.remaining());
      return socket.kernel().sendNow(channel(), data);
    } finally {
      socket.exit();
    }
  }

  private boolean isConnected() {
    socket.needOpen();
    Phase phase = socket.settled();
    if (phase != Phase.DEAD) return phase == Phase.CONNECTED;
    socket.opening().throwPending();
    throw new OsException(Errno.EPIPE);
  }

  /**
   * On a thread that has not the turn: straight to the kernel, behind what waits here, as far as
   * that has room; nothing, if what waits or what the channel has cannot leave now.
   */
  private int sendBeside(ByteBuffer data) {
    socket.needOpen();
    Phase phase = socket.phaseBeside();
    if (phase == Phase.CONNECTED) return writeNow(() -> socket.kernel().sendNow(channel(), data));
    if (phase == Phase.CONNECTING) throw WouldBlockException.INSTANCE;
    throw new OsException(socket.family() == Family.UNIX ? Errno.ENOTCONN : Errno.EPIPE);
  }

  int sendUrgent(byte[] data) {
    boolean hasTurn = socket.enterUnlessCalling();
    try {
      socket.needOpen();
      if (!hasTurn) return writeNow(() -> socket.kernel().sendUrgent(channel(), data));
      flush();
      if (socket.gate().flushing()) throw full();
      int sent = socket.kernel().sendUrgent(channel(), data);
      socket.noteSent(false);
      return sent;
    } finally {
      if (hasTurn) socket.exit();
    }
  }

  // --- the channel ---

  /**
   * Takes bytes of the array or, if that is null, of the buffer.
   *
   * @return how many
   */
  private int write(byte[] array, int offset, ByteBuffer buffer, int byteCount) {
    if (!isHeld || !joinsHeld(byteCount)) return writeFirst(array, offset, buffer, byteCount);
    pace.leavesAtOnce(socket.pass()); // It does not.
    add(array, offset, buffer, byteCount);
    return byteCount;
  }

  /**
   * Whether bytes are as good as those that are held back already, by the same callback. What broke
   * the connection since then, they would not have found out either.
   */
  private boolean joinsHeld(int byteCount) {
    return byteCount > 0
        && unflushed.hasRoomFor(byteCount)
        && unflushed.added() + byteCount < PIECE
        && !broken;
  }

  private void add(byte[] array, int offset, ByteBuffer buffer, int byteCount) {
    if (array != null) unflushed.add(array, offset, byteCount);
    else unflushed.add(buffer, byteCount);
    unflushed.sendEnded();
  }

  private synchronized int writeFirst(byte[] array, int offset, ByteBuffer buffer, int byteCount) {
    throwError();
    if (socket.gate().flushing()) throw full();
    if (channel().unsafe().outboundBuffer() == null) throw new OsException(Errno.EPIPE);
    boolean isSound = socket.mayBatch();
    if (byteCount == 0) return writeNothing(isSound);
    boolean batch = isSound && !pace.leavesAtOnce(socket.pass());
    int taken = 0;
    do {
      int piece = Math.min(byteCount - taken, PIECE - unflushed.added());
      boolean isFirst = unflushed.isEmpty();
      if (isFirst) begin(piece);
      else if (!unflushed.hasRoomFor(piece)) unflushed.grow(piece);
      add(array, offset + taken, buffer, piece);
      taken += piece;
      if (batch && unflushed.added() < PIECE) {
        hold();
        continue;
      }
      flush();
      if (error == Errno.OK) continue;
      if (!isFirst) break; // What went before was taken; the next send tells.
      taken -= piece;
      broken = false; // Nothing is lost.
      if (buffer != null) buffer.position(buffer.position() - piece);
      if (taken == 0) throwError();
      break;
    } while (taken < byteCount && !socket.gate().flushing());
    return taken;
  }

  private void hold() {
    if (!isHeld) socket.socketLoop().heldSends().add(socket);
    isHeld = true;
  }

  /** Is held no more. */
  void leave() {
    isHeld = false;
    flush();
  }

  /** Why nothing is taken while the channel flushes: to the caller a shutdown has happened. */
  private OsException full() {
    return endsWhenFlushed ? new OsException(Errno.EPIPE) : WouldBlockException.INSTANCE;
  }

  /** Only the system knows whether it would refuse no bytes, too. */
  private int writeNothing(boolean isSound) {
    if (isSound || socket.kernel().hidesHangUps()) return 0;
    return socket.kernel().sendNow(channel(), ByteBuffer.allocate(0));
  }

  private void begin(int byteCount) {
    LoopBuffers buffers = socket.socketLoop().eventLoop().buffers();
    ByteBuf reused = buffers.forSending();
    if (reused != null) unflushed.begin(reused, buffers);
    else unflushed.begin(ofChannel(byteCount), null);
  }

  private ByteBuf ofChannel(int byteCount) {
    return Memory.direct(channel().alloc(), Math.max(byteCount, SMALLEST_BUFFER));
  }

  /** Hands what was taken to the channel, and through it to the kernel as far as it has room. */
  synchronized void flush() {
    if (unflushed.isEmpty()) return;
    if (broken) { // By the watch, while a callback went on to send.
      unflushed.drop();
      return;
    }
    writing = true;
    try {
      if (unflushed.handTo(bytes -> channel().writeAndFlush(bytes, channel().voidPromise())) == 0) {
        return; // The watch was here.
      }
    } finally {
      writing = false;
    }
    noteFlushing();
  }

  /**
   * As {@link #flush}, on a thread that has not the turn: straight to the kernel, as far as it has
   * room. The channel has nothing that would have to leave before.
   */
  synchronized void flushPastChannel() {
    if (unflushed.left() == 0 || socket.gate().flushing()) return;
    try {
      unflushed.sentPast(
          socket.direct(() -> socket.kernel().sendNow(channel(), unflushed.memory())));
    } catch (WouldBlockException full) {
      // What waits leaves when the callback has ended.
    } catch (OsException broken) {
      unflushed.sentPast(unflushed.left()); // As if the flush had failed: the next send tells.
      fail(broken.errno());
    }
  }

  /** Writes past the channel by this call, which says how much it has written. */
  private synchronized int writeNow(NettySocket.Direct<Integer> writing) {
    flushPastChannel();
    throwError();
    if (socket.gate().flushing() || unflushed.left() > 0) throw full();
    int sent = socket.direct(writing);
    socket.noteSent(false);
    return sent;
  }

  /** The kernel has room again for what an earlier send left. */
  synchronized void flushMore() {
    writing = true;
    try {
      socket.gate().deliver(Readiness.OUT);
    } finally {
      writing = false;
    }
    noteFlushing();
  }

  /** Ends the stream after what was sent. */
  void end() {
    flush();
    endsWhenFlushed = socket.gate().flushing();
    if (!endsWhenFlushed) endNow();
  }

  boolean endsWhenFlushed() {
    return endsWhenFlushed;
  }

  void endNow() {
    endsWhenFlushed = false;
    socket.input().noteUnread();
    if (channel().unsafe().outboundBuffer() != null) ((DuplexChannel) channel()).shutdownOutput();
  }

  /** Notes whether the channel has bytes that the kernel did not take; a closed one has none. */
  synchronized void noteFlushing() {
    ChannelOutboundBuffer pending = channel().unsafe().outboundBuffer();
    boolean flushing = pending != null && !pending.isEmpty();
    socket.noteSent(flushing);
    if (flushing == socket.gate().flushing()) return;
    socket.gate().flushing(flushing);
    socket.socketLoop().backlogged(socket, flushing);
  }

  /** What a flush has found out that no send could tell; asking forgets it. */
  Errno takeError() {
    Errno taken = error;
    error = Errno.OK;
    return taken;
  }

  private void throwError() {
    Errno errno = takeError();
    if (errno == Errno.OK && broken) errno = Errno.EPIPE;
    if (errno != Errno.OK) throw new OsException(errno);
  }

  private Channel channel() {
    return socket.channel();
  }
}
