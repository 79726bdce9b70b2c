package org.asyncore.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.Datagram;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.WouldBlockException;

/**
 * A stream socket on a Netty channel: fresh, connecting, connected or listening.
 *
 * <p>Received bytes stay in the kernel until {@code recv} asks for them; then the event that was
 * held back is handed to the channel, which reads just as much and passes it up the pipeline to the
 * {@link ReadinessHandler}. So whatever asyncore would see of the kernel, such as a hang-up behind
 * unread bytes, is there to be seen.
 *
 * <p>Sent bytes are written and flushed at once. What the kernel does not take stays with the
 * channel, at most one piece of {@value #PIECE} bytes; until it is gone the socket counts as full,
 * as it does to the kernel.
 */
final class ChannelSocket extends NettySocket implements ReadinessHandler.Facts {
  /** Netty counts a piece as pending until all of it is gone, so pieces are small. */
  private static final int PIECE = 65536;

  private static final int SMALLEST_BUFFER = 256;

  /** The most that one read takes from the kernel; a longer recv reads several times. */
  private static final int LONGEST_READ = 1 << 20;

  private static final byte[] NO_BYTES = {};

  // phase       event                     next
  // FRESH       connectEx, in progress    CONNECTING
  // FRESH       connectEx, at once        CONNECTED    (Unix domain sockets)
  // FRESH       listen                    LISTENING    (another channel takes the descriptor over)
  // CONNECTING  SO_ERROR 0, established   CONNECTED
  // CONNECTING  the JDK closed it         DEAD         (NIO, refused)
  // any         close                     the number is -1
  private enum Phase {
    FRESH,
    CONNECTING,
    CONNECTED,
    LISTENING,
    DEAD
  }

  private Channel channel;
  private Phase phase;
  private boolean isBound;
  private ChannelFuture connect;

  /** Bytes that the channel has read and nobody has asked for. */
  private final ReceiveBuffer received = new ReceiveBuffer();

  private OneRead oneRead;
  private boolean inputEnded;
  private Errno readError = Errno.OK;
  private Errno writeError = Errno.OK;

  /** What SO_ERROR is to tell where the system can no longer be asked. */
  private Errno pendingError = Errno.OK;

  private Channel accepted;

  /** Bytes that were taken and that the channel does not have yet; null for none. */
  private ByteBuf unflushed;

  /** Whether {@link #unflushed} is one of the loop's. */
  private boolean isLoopBuffer;

  private boolean writing;
  private boolean closeWhenFlushed;
  private boolean shutdownWhenFlushed;

  /** A fresh socket. */
  static ChannelSocket fresh(NettyTransport transport, Family family) {
    Channel channel = transport.kernel().newStream(family);
    return new ChannelSocket(transport, family, channel, Phase.FRESH);
  }

  /** A socket over a connected channel that no loop has yet. */
  static ChannelSocket connected(NettyTransport transport, Family family, Channel channel) {
    return new ChannelSocket(transport, family, channel, Phase.CONNECTED);
  }

  private ChannelSocket(NettyTransport transport, Family family, Channel channel, Phase phase) {
    super(transport, family, SocketType.STREAM);
    this.phase = phase;
    number(kernel.dealNumber(channel));
    take(channel);
  }

  /** Makes a channel, which no loop has yet, the one below this socket. */
  private void take(Channel channel) {
    this.channel = channel;
    oneRead = new OneRead(this);
    ChannelConfig config = channel.config();
    config.setRecvByteBufAllocator(oneRead);
    config.setAutoClose(false);
    config.setConnectTimeoutMillis(0); // The operating system's own applies, as in Python.
    Options.allowHalfClosure(config);
    if (kernel.hidesHangUps() && family() == Family.UNIX) oneRead.noteEnd(this::inputEnded);
    channel.pipeline().addLast(new ReadinessHandler(this));
    gate = transport().register(channel, this);
  }

  @Override
  Channel channel() {
    return channel;
  }

  /** What goes to the socket that takes a channel over; its number does, too. */
  record HandedOver(
      Channel channel,
      Gate gate,
      int number,
      ChannelFuture connect,
      ByteBuf unread,
      boolean ended) {}

  /** Gives the channel away, its gate open, as what it is: fresh, connecting or connected. */
  HandedOver handOver() {
    needOpen();
    if (phase == Phase.LISTENING) throw new IllegalStateException("a listening socket");
    if (phase == Phase.DEAD) throw new OsException(Errno.ENOTCONN);
    settleConnect();
    flush();
    transport().flushing(this, false);
    gate.flushing(false); // The channel itself asks for room, once its gate is open.
    oneRead.readFreely();
    gate.watch(null);
    int number = fileno();
    number(-1);
    known = Readiness.NVAL;
    lookAgain(); // A pass that waits for this socket asks for the other one.
    return new HandedOver(channel, gate, number, connect, received.next(), inputEnded);
  }

  // --- what the system and the channel report ---

  @Override
  int digest(int events) {
    int told = events;
    if (gate.flushing()) {
      if ((events & (Readiness.OUT | Readiness.ERR | Readiness.HUP)) != 0) flushMore();
      if (gate.flushing()) told &= ~Readiness.OUT; // Full: the bytes of an earlier send go first.
    }
    if (!kernel.hidesHangUps()) return told;
    if (phase == Phase.CONNECTING) {
      finishConnect();
      if (phase == Phase.CONNECTED) lookAgain(); // Now it can be asked for what it is ready for.
      return known;
    }
    if (phase == Phase.FRESH) return Readiness.OUT | Readiness.HUP;
    boolean isReadable = (events & Readiness.IN) != 0; // As whatever hangs up is.
    if (isReadable && hangUpsAsked() && gate.mustLookTwice()) lookAgain();
    return told;
  }

  @Override
  public void connected() {
    phase = Phase.CONNECTED;
  }

  @Override
  public void received(Object message) {
    if (message instanceof ByteBuf bytes) {
      received.add(bytes);
    } else if (message instanceof Channel child) {
      accepted = child;
    } else {
      ReferenceCountUtil.release(message);
      throw new ClassCastException(
          "a dispatcher reads ByteBufs, not " + message.getClass().getName());
    }
  }

  @Override
  public void inputEnded() {
    inputEnded = true;
  }

  @Override
  public void writabilityChanged() {
    // The kernel is asked for room, not Netty's water mark.
  }

  @Override
  public void failed(Throwable cause) {
    Errno errno = ErrnoMapping.errno(cause);
    if (writing) {
      if (writeError == Errno.OK) writeError = errno;
    } else if (readError == Errno.OK) {
      readError = errno;
    }
  }

  @Override
  public void closedBelow() {
    inputEnded = true;
    if (!isClosed()) die();
  }

  /**
   * The channel is gone though nobody closed the socket: it stays readable and writable, and hung
   * up.
   */
  private void die() {
    phase = Phase.DEAD;
    known = Readiness.IN | Readiness.OUT | Readiness.HUP;
    if (pendingError != Errno.OK) known |= Readiness.ERR;
  }

  // --- binding, listening, accepting, connecting ---

  @Override
  public void bind(SocketAddress address) {
    enter();
    try {
      needOpen();
      Addresses.needFree(address);
      await(channel.bind(Addresses.forChannel(channel, address)));
      isBound = true;
    } finally {
      exit();
    }
  }

  @Override
  public void listen(int backlog) {
    enter();
    try {
      needOpen();
      if (phase == Phase.LISTENING) {
        kernel.listenAgain(channel, backlog);
        return;
      }
      if (phase != Phase.FRESH) throw new OsException(Errno.EINVAL);
      Channel listening = kernel.listen(channel, family(), isBound, backlog);
      kernel.discard(channel, gate);
      take(listening);
      phase = Phase.LISTENING;
    } finally {
      exit();
    }
  }

  @Override
  public Accepted accept() {
    enter();
    try {
      needOpen();
      if (phase != Phase.LISTENING) throw new OsException(Errno.EINVAL);
      gate.deliver(Readiness.IN);
      throwReadError();
      Channel child = accepted;
      if (child == null) throw WouldBlockException.INSTANCE;
      accepted = null;
      ChannelSocket socket = connected(transport(), family(), child);
      return new Accepted(socket, Addresses.peerOf(child, family()));
    } finally {
      exit();
    }
  }

  @Override
  public Errno connectEx(SocketAddress address) {
    enter();
    try {
      needOpen();
      Addresses.needResolved(address);
      if (phase == Phase.DEAD) return Errno.ECONNABORTED;
      if (phase != Phase.FRESH) return connectAgain(address);
      connect = channel.connect(Addresses.forChannel(channel, address));
      if (!connect.isDone()) {
        phase = Phase.CONNECTING;
        return Errno.EINPROGRESS;
      }
      if (connect.isSuccess()) return Errno.OK;
      if (!channel.isOpen()) reopen();
      return ErrnoMapping.errno(connect.cause());
    } catch (OsException refused) {
      return refused.errno();
    } finally {
      exit();
    }
  }

  private Errno connectAgain(SocketAddress address) {
    Errno errno = kernel.connectAgain(channel, address);
    if (errno == Errno.OK && phase == Phase.CONNECTING) finishConnect();
    return errno;
  }

  /**
   * Netty closes a channel whose connect failed at once; in asyncore the socket is still there to
   * try again.
   */
  private void reopen() {
    Channel another = kernel.newStream(family());
    phase = Phase.FRESH;
    known = 0;
    inputEnded = false;
    isBound = false;
    take(another);
  }

  /**
   * A connect is up, or has failed, as soon as the system says so, even if no pass has found it
   * yet.
   */
  private void settleConnect() {
    if (phase == Phase.CONNECTING && kernel.connectHasEnded(channel)) finishConnect();
  }

  /** Has the channel find out how its connect ended. */
  private void finishConnect() {
    gate.deliver(Readiness.OUT);
    gate.update(); // Another phase may be asked for other events.
    if (phase == Phase.CONNECTED || !connect.isDone() || connect.isSuccess()) return;
    pendingError = ErrnoMapping.errno(connect.cause());
    if (!channel.isOpen()) die(); // The JDK closes a channel that failed to connect.
  }

  @Override
  public Errno takeError() {
    enter();
    try {
      needOpen();
      if (kernel.hidesHangUps()) settleConnect(); // Epoll's errors are asked for first, below.
      Errno pending = takePending();
      if (pending != Errno.OK) return pending;
      if (phase == Phase.DEAD) return Errno.OK;
      if (phase == Phase.CONNECTED && kernel.hidesHangUps()) return lookForError();
      Errno errno = kernel.takeError(channel);
      if (errno == Errno.OK) settleConnect();
      return errno;
    } finally {
      exit();
    }
  }

  private Errno takePending() {
    Errno pending = pendingError;
    pendingError = Errno.OK;
    known &= ~Readiness.ERR;
    return pending;
  }

  /** The JDK keeps no error to be asked for: reading tells. */
  private Errno lookForError() {
    readAhead();
    Errno errno = readError;
    readError = Errno.OK;
    return errno;
  }

  private void readAhead() {
    if (received.byteCount() > 0 || inputEnded || readError != Errno.OK) return;
    oneRead.byteCount(1);
    gate.deliver(Readiness.IN);
    noteUnread();
  }

  // --- receiving ---

  @Override
  public byte[] recv(int byteCount) {
    enter();
    try {
      return fill(byteCount) ? received.take(byteCount) : NO_BYTES;
    } finally {
      noteUnread();
      exit();
    }
  }

  @Override
  public int recv(ByteBuffer target) {
    enter();
    try {
      return fill(target.remaining()) ? received.take(target) : 0;
    } finally {
      noteUnread();
      exit();
    }
  }

  /** Makes sure that there are bytes to take; false is the end of the stream. */
  private boolean fill(int byteCount) {
    needOpen();
    int ahead = received.byteCount();
    // On epoll these came before an urgent byte, where a recv ends.
    if (ahead >= byteCount || (ahead > 0 && !kernel.hidesHangUps())) return true;
    if (phase != Phase.CONNECTED) settleConnect();
    if (phase != Phase.CONNECTED) return fillUnconnected(byteCount);
    for (int missing = byteCount - ahead; missing > 0 && !inputEnded && readError == Errno.OK; ) {
      int before = received.byteCount();
      int longest = Math.min(missing, LONGEST_READ);
      oneRead.byteCount(longest);
      gate.deliver(Readiness.IN);
      int came = received.byteCount() - before;
      if (came < longest) break; // The kernel has no more.
      missing -= came;
    }
    if (received.byteCount() > 0) return true;
    throwReadError();
    if (inputEnded) return false;
    throw WouldBlockException.INSTANCE;
  }

  private boolean fillUnconnected(int byteCount) {
    if (phase == Phase.DEAD) {
      throwPending();
      throwReadError();
      return false;
    }
    ByteBuf bytes = channel.alloc().directBuffer(Math.min(byteCount, LONGEST_READ));
    try {
      int came = kernel.recvUnconnected(channel, bytes.internalNioBuffer(0, bytes.capacity()));
      if (came == 0) return false;
      received.add(bytes.retainedSlice(0, came));
      return true;
    } finally {
      bytes.release();
    }
  }

  private void throwReadError() {
    if (readError == Errno.OK) return;
    Errno errno = readError;
    readError = Errno.OK;
    throw new OsException(errno);
  }

  @Override
  public Datagram recvfrom(int byteCount) {
    return new Datagram(recv(byteCount), null); // As Python: a stream has no sender to name.
  }

  @Override
  public byte[] recvUrgent(int byteCount) {
    enter();
    try {
      needOpen();
      return new byte[] {kernel.recvUrgent(channel, received)};
    } finally {
      noteUnread();
      exit();
    }
  }

  /** Bytes that came before an urgent one are ours to tell of, as the kernel has them no more. */
  private void noteUnread() {
    if (phase == Phase.CONNECTED && !isClosed()) {
      known = received.byteCount() > 0 ? Readiness.IN : 0;
    }
  }

  // --- sending ---

  @Override
  public int send(byte[] data, int offset, int byteCount) {
    enter();
    try {
      if (!isConnected()) {
        return kernel.sendUnconnected(channel, ByteBuffer.wrap(data, offset, byteCount));
      }
      return write(data, offset, null, byteCount);
    } finally {
      exit();
    }
  }

  @Override
  public int send(ByteBuffer data) {
    enter();
    try {
      if (!isConnected()) return kernel.sendUnconnected(channel, data);
      return write(null, 0, data, data.remaining());
    } finally {
      exit();
    }
  }

  private boolean isConnected() {
    needOpen();
    if (phase != Phase.CONNECTED) settleConnect();
    if (phase != Phase.DEAD) return phase == Phase.CONNECTED;
    throwPending();
    throw new OsException(Errno.EPIPE);
  }

  /** Whoever comes first is told of the error: SO_ERROR, recv or send. */
  private void throwPending() {
    Errno pending = takePending();
    if (pending != Errno.OK) throw new OsException(pending);
  }

  /** Takes bytes of the array or, if that is null, of the buffer. */
  private int write(byte[] array, int offset, ByteBuffer buffer, int byteCount) {
    throwWriteError();
    if (gate.flushing()) throw WouldBlockException.INSTANCE;
    if (shutdownWhenFlushed || channel.unsafe().outboundBuffer() == null) {
      throw new OsException(Errno.EPIPE);
    }
    boolean batch = mayBatch();
    if (byteCount == 0) return writeNothing(batch);
    int taken = 0;
    do {
      int piece = Math.min(byteCount - taken, PIECE - unflushedBytes());
      boolean isFirst = unflushed == null;
      if (isFirst) newUnflushed(piece);
      if (array != null) unflushed.writeBytes(array, offset + taken, piece);
      else copy(buffer, piece);
      taken += piece;
      if (batch && unflushedBytes() < PIECE) {
        if (isFirst) transport().flushLater(this);
        continue;
      }
      flush();
      if (writeError == Errno.OK) continue;
      if (!isFirst) break; // What went before was taken; the next send tells.
      taken -= piece;
      if (buffer != null) buffer.position(buffer.position() - piece);
      if (taken == 0) throwWriteError();
      break;
    } while (taken < byteCount && !gate.flushing());
    return taken;
  }

  /** Only the system knows whether it would refuse no bytes, too. */
  private int writeNothing(boolean isSound) {
    if (isSound || kernel.hidesHangUps()) return 0;
    return kernel.sendUnconnected(channel, ByteBuffer.allocate(0));
  }

  private void newUnflushed(int byteCount) {
    unflushed = transport().loop().buffers().forSending();
    isLoopBuffer = unflushed != null;
    if (isLoopBuffer) return;
    unflushed = channel.alloc().directBuffer(Math.max(byteCount, SMALLEST_BUFFER));
  }

  private void copy(ByteBuffer buffer, int byteCount) {
    int limit = buffer.limit();
    buffer.limit(buffer.position() + byteCount);
    unflushed.writeBytes(buffer);
    buffer.limit(limit);
  }

  private int unflushedBytes() {
    return unflushed == null ? 0 : unflushed.readableBytes();
  }

  @Override
  void flush() {
    ByteBuf bytes = unflushed;
    if (bytes == null) return;
    unflushed = null;
    LoopBuffers owner = isLoopBuffer ? transport().loop().buffers() : null;
    if (owner != null) bytes.retain(); // So that it comes back when the channel is done with it.
    writing = true;
    try {
      channel.writeAndFlush(bytes, channel.voidPromise());
    } finally {
      writing = false;
      if (owner != null) owner.giveBack(bytes);
    }
    noteFlushing();
  }

  private void noteFlushing() {
    ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
    boolean flushing = pending != null && !pending.isEmpty();
    if (flushing == gate.flushing()) return;
    gate.flushing(flushing);
    transport().flushing(this, flushing);
  }

  /** The kernel has room again for what an earlier send left. */
  private void flushMore() {
    writing = true;
    try {
      gate.deliver(Readiness.OUT);
    } finally {
      writing = false;
    }
    noteFlushing();
    if (gate.flushing()) return;
    if (shutdownWhenFlushed) shutdownOutput();
    if (closeWhenFlushed) closeNow();
  }

  private void throwWriteError() {
    if (writeError == Errno.OK) return;
    Errno errno = writeError;
    writeError = Errno.OK;
    throw new OsException(errno);
  }

  @Override
  public int sendto(byte[] data, SocketAddress address) {
    throw new OsException(phase == Phase.CONNECTED ? Errno.EISCONN : Errno.ENOTCONN);
  }

  @Override
  public int sendUrgent(byte[] data) {
    enter();
    try {
      needOpen();
      flush();
      if (gate.flushing()) throw WouldBlockException.INSTANCE;
      return kernel.sendUrgent(channel, data);
    } finally {
      exit();
    }
  }

  // --- ending ---

  @Override
  public void shutdown(Shutdown how) {
    enter();
    try {
      needOpen();
      if (phase != Phase.CONNECTED) settleConnect();
      if (phase != Phase.CONNECTED) throw new OsException(Errno.ENOTCONN);
      if (how != Shutdown.WR) {
        await(((DuplexChannel) channel).shutdownInput());
        received.release();
        inputEnded = true;
      }
      if (how == Shutdown.RD) return;
      flush();
      if (gate.flushing()) shutdownWhenFlushed = true;
      else shutdownOutput();
    } finally {
      exit();
    }
  }

  private void shutdownOutput() {
    shutdownWhenFlushed = false;
    if (channel.unsafe().outboundBuffer() != null) ((DuplexChannel) channel).shutdownOutput();
  }

  @Override
  void closeChannel() {
    flush();
    if (gate.flushing()) {
      closeWhenFlushed = true;
      gate.ask(0);
    } else {
      closeNow();
    }
  }

  private void closeNow() {
    closeWhenFlushed = false;
    if (kernel.hidesHangUps()) lookForUnread();
    // As the kernel does to bytes that it still has: closing on unread bytes resets the peer.
    if (received.byteCount() > 0) Options.resetOnClose(channel.config());
    received.release();
    channel.close();
    kernel.letGoOfClosed(transport().loop());
  }

  /** The JDK ends the stream before it closes a TCP socket, unless it knows of unread bytes. */
  private void lookForUnread() {
    if (phase == Phase.CONNECTED && family() != Family.UNIX) readAhead();
  }

  // --- options ---

  @Override
  public <T> T getsockopt(SocketOption<T> option) {
    enter();
    try {
      needOpen();
      return Options.get(channel, option);
    } finally {
      exit();
    }
  }

  @Override
  public <T> void setsockopt(SocketOption<T> option, T value) {
    enter();
    try {
      needOpen();
      Options.set(channel, option, value);
    } finally {
      exit();
    }
  }

  private static void await(ChannelFuture future) {
    // The turn is ours, so Netty did it on the way.
    if (!future.isDone()) throw new IllegalStateException("still under way: " + future);
    if (!future.isSuccess()) throw ErrnoMapping.osException(future.cause());
  }
}
