package org.asyncore.netty.stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import org.asyncore.netty.kernel.Addresses;
import org.asyncore.netty.kernel.Memory;
import org.asyncore.netty.kernel.ReceiveBuffer;
import org.asyncore.netty.loop.LoopBuffers;
import org.asyncore.netty.socket.RecvAllocator;
import org.asyncore.netty.stream.StreamSocket.Phase;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
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

  private static final byte[] NO_BYTES = {};

  private final StreamSocket socket;

  /** Bytes that the channel has read and nobody has asked for. */
  private final ReceiveBuffer received = new ReceiveBuffer();

  /** What a listening channel has read and nobody has asked for; null for none. */
  private Channel accepted;

  private RecvAllocator recvAllocator;

  private boolean ended;

  /** Shut down by ourselves: there is an end, and perhaps bytes before it. */
  private boolean shut;

  /** Nobody is to get what the channel reads from now on. */
  private boolean hasLetGo;

  private Errno error = Errno.OK;

  StreamInput(StreamSocket socket) {
    this.socket = socket;
  }

  /** Reads from another channel from now on, which no loop has yet. */
  void take(ChannelConfig config, boolean noteEnd) {
    recvAllocator = new RecvAllocator(socket);
    config.setRecvByteBufAllocator(recvAllocator);
    if (noteEnd) recvAllocator.noteEnd(this::keepEnd);
    ended = false;
    shut = false;
  }

  /** How the channel is read, for whoever takes it over. */
  RecvAllocator recvAllocator() {
    return recvAllocator;
  }

  // --- what the channel tells ---

  void received(Object message) {
    if (hasLetGo) {
      drop(message);
    } else if (message instanceof ByteBuf bytes) {
      add(bytes);
    } else if (message instanceof Channel child) {
      accepted = child;
    } else {
      ReferenceCountUtil.release(message);
      throw new ClassCastException(
          "a dispatcher reads ByteBufs, not " + message.getClass().getName());
    }
  }

  /** A handler of the program may have something left to say when nobody hears any more. */
  private static void drop(Object message) {
    if (message instanceof Channel child) child.unsafe().closeForcibly();
    else ReferenceCountUtil.release(message);
  }

  private void add(ByteBuf bytes) {
    received.add(bytes);
    socket.noteReceived();
  }

  void end() {
    ended = true;
  }

  private boolean keepEnd() {
    end();
    return true;
  }

  void fail(Errno errno) {
    if (error == Errno.OK) error = errno;
  }

  // --- what a dispatcher asks for, on any thread ---

  byte[] recv(int byteCount) {
    boolean hasTurn = socket.enterUnlessCalling();
    try {
      synchronized (this) {
        return fill(byteCount, hasTurn) ? received.take(byteCount) : NO_BYTES;
      }
    } finally {
      if (hasTurn) exit();
    }
  }

  int recv(ByteBuffer target) {
    boolean hasTurn = socket.enterUnlessCalling();
    try {
      synchronized (this) {
        return fill(target.remaining(), hasTurn) ? received.take(target) : 0;
      }
    } finally {
      if (hasTurn) exit();
    }
  }

  /** Ends a call that may have read. */
  void exit() {
    noteUnread();
    socket.exit();
  }

  byte[] recvUrgent() {
    boolean hasTurn = socket.enterUnlessCalling();
    try {
      socket.needOpen();
      return new byte[] {hasTurn ? takeUrgent() : takeUrgentBeside()};
    } finally {
      if (hasTurn) exit();
      else socket.handOver(this::noteUnread); // Bytes that came before it.
    }
  }

  private synchronized byte takeUrgentBeside() {
    return socket.direct(this::takeUrgent);
  }

  private synchronized byte takeUrgent() {
    byte urgent = socket.kernel().recvUrgent(socket.channel(), received);
    socket.noteReceived();
    return urgent;
  }

  Accepted accept() {
    if (!socket.enterUnlessCalling()) throw wouldBlock(Phase.LISTENING);
    try {
      socket.needOpen();
      if (socket.phase() != Phase.LISTENING) throw new OsException(Errno.EINVAL);
      socket.gate().deliver(Readiness.IN);
      throwError();
      Channel child = accepted;
      if (child == null) throw WouldBlockException.INSTANCE;
      accepted = null;
      AsyncSocket connection = socket.socketLoop().accepted(socket.family(), child);
      return new Accepted(connection, Addresses.peerOf(child, socket.family()));
    } finally {
      socket.exit();
    }
  }

  /** What a call is told that would need the turn, of a socket that is as it should be for it. */
  private OsException wouldBlock(Phase needed) {
    socket.needOpen();
    if (socket.phaseBeside() == needed) return WouldBlockException.INSTANCE;
    return new OsException(needed == Phase.LISTENING ? Errno.EINVAL : Errno.ENOTCONN);
  }

  // --- reading what is missing ---

  /**
   * Makes sure that there are bytes to take; false is the end of the stream.
   *
   * @param hasTurn whether the caller has
   */
  private boolean fill(int byteCount, boolean hasTurn) {
    socket.needOpen();
    if (!hasTurn) return fillBeside(byteCount);
    if (isEnoughFor(byteCount)) return true;
    if (socket.settled() == Phase.CONNECTED) return fillConnected(byteCount);
    if (socket.phase() != Phase.DEAD) return fillUnconnected(byteCount);
    socket.opening().throwPending();
    throwError();
    return false;
  }

  /**
   * Past the channel, on a thread without the turn: what there is, read ahead or in the kernel. An
   * error is the next call's to tell that has the turn.
   */
  private boolean fillBeside(int byteCount) {
    if (hasBytes()) return true;
    if (socket.phaseBeside() == Phase.DEAD) return false;
    if (socket.phaseBeside() != Phase.CONNECTED) throw wouldBlock(Phase.CONNECTING);
    return socket.direct(() -> fillUnconnected(byteCount));
  }

  private boolean fillConnected(int byteCount) {
    boolean hasCome = readEnough(byteCount);
    if (!hasCome || socket.phase() != Phase.DEAD) return hasCome;
    // Broken behind these bytes: the next call, whichever it is, is told.
    Errno why = takeError();
    socket.opening().pendingError(why);
    if (why != Errno.OK) socket.known(socket.known() | Readiness.ERR);
    return true;
  }

  private boolean readEnough(int byteCount) {
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

  /** Past the channel: the kernel knows what a socket is told that is not connected. */
  private boolean fillUnconnected(int byteCount) {
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

  /** Finds out whether anything is unread, the end has come, or an error, and tells of it. */
  void lookAhead() {
    synchronized (this) {
      if (!hasBytes() && !ended && error == Errno.OK) read(1);
    }
    noteUnread();
  }

  /**
   * Bytes that came before an urgent one are ours to tell of, as the kernel has them no more; and
   * that there is room, as TCP says of a stream that is shut down.
   */
  void noteUnread() {
    if (socket.phase() != Phase.CONNECTED || socket.isClosed()) return;
    int known = hasBytes() ? Readiness.IN : 0;
    if (socket.endsWhenFlushed() && socket.family() != Family.UNIX) known |= Readiness.OUT;
    socket.known(known);
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
  private boolean isEnoughFor(int byteCount) {
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

  /** The channel is nobody's from now on, or another one's. */
  void letGo() {
    hasLetGo = true;
  }
}
