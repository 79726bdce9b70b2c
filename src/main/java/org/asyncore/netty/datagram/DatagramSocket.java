package org.asyncore.netty.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.DomainDatagramChannel;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.asyncore.netty.kernel.Addresses;
import org.asyncore.netty.kernel.Datagrams;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.netty.kernel.Options;
import org.asyncore.netty.socket.NettySocket;
import org.asyncore.netty.socket.ReadinessHandler;
import org.asyncore.netty.socket.RecvAllocator;
import org.asyncore.netty.socket.SocketLoop;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.Datagram;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.Membership;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.WouldBlockException;

/**
 * A datagram socket on a Netty channel: UDP, or Unix domain datagrams on epoll.
 *
 * <p>Datagrams stay in the kernel until {@code recv} asks for one: then the event that was held
 * back is handed to the channel, which reads one and passes it up the pipeline to the {@link
 * ReadinessHandler}. A datagram is sent at once or not at all: what the kernel has no room for is
 * taken back and the caller told, so nothing is left to flush.
 *
 * <p>NIO does not tell an error from a datagram. Where it must be told, one is read ahead.
 */
public final class DatagramSocket extends NettySocket implements ReadinessHandler.Facts {
  /** No datagram is longer, but for Unix domain ones. */
  private static final int LONGEST = 65536;

  private static final int LONGEST_UNIX = 1 << 20;

  /** Owns its buffer; the sender is the JDK's, null for a connected peer. */
  private record Held(ByteBuf data, SocketAddress sender) {}

  private final Channel channel;
  private final Datagrams datagrams;
  private final RecvAllocator recvAllocator = new RecvAllocator(this);
  private final DatagramOutput output;

  /** What the channel has read and nobody has taken. */
  private final ArrayDeque<Held> held = new ArrayDeque<>(1);

  /** What the channel reported and SO_ERROR, or a call, is to tell. */
  private Errno pendingError = Errno.OK;

  private volatile boolean isConnected;
  private volatile boolean inputEnded;

  /**
   * @param hasTurn whether the loop's turn is ours; else it is registered later
   */
  public DatagramSocket(SocketLoop loop, Family family, boolean hasTurn) {
    super(loop, family, SocketType.DGRAM);
    datagrams = kernel().datagrams();
    channel = datagrams.newChannel(family);
    output = new DatagramOutput(this, channel, datagrams);
    number(kernel().dealNumber(channel));
    channel.config().setRecvByteBufAllocator(recvAllocator);
    channel.config().setAutoClose(false);
    activate();
    channel.pipeline().addLast(new ReadinessHandler(this));
    join(hasTurn);
  }

  /** A socket without an address may send: the system gives it one. */
  @SuppressWarnings("deprecation") // By Netty, without another way.
  private void activate() {
    channel.config().setOption(ChannelOption.DATAGRAM_CHANNEL_ACTIVE_ON_REGISTRATION, true);
  }

  @Override
  public Channel channel() {
    return channel;
  }

  // --- what the system and the channel report ---

  @Override
  protected int digest(int events) {
    if (!kernel().hidesHangUps() || !hangUpsAsked()) return events;
    if ((events & Readiness.IN) == 0 || !isConnected) return events;
    lookAhead();
    return (events & ~Readiness.IN) | known();
  }

  /** Reads a pending error, and one datagram. */
  private void lookAhead() {
    if (!isConnected || pendingError != Errno.OK || !held.isEmpty()) return;
    readOne(longest());
    if (pendingError != Errno.OK) readOne(longest());
  }

  private void noteKnown() {
    known(held.isEmpty() ? 0 : Readiness.IN);
    if (pendingError != Errno.OK) known(known() | Readiness.OUT | Readiness.ERR);
    if (isClosed()) known(Readiness.NVAL);
  }

  @Override
  public void connected() {
    // A datagram channel is active from the start.
  }

  @Override
  public void received(Object message) {
    if (isClosed()) {
      ReferenceCountUtil.release(message);
    } else if (message instanceof DatagramPacket packet) {
      held.add(new Held(packet.content(), packet.sender()));
    } else if (message instanceof DomainDatagramPacket packet) {
      DomainSocketAddress sender = packet.sender();
      held.add(new Held(packet.content(), sender == null ? null : Addresses.fromNetty(sender)));
    } else if (message instanceof ByteBuf bytes) {
      held.add(new Held(bytes, null));
    } else {
      ReferenceCountUtil.release(message);
      throw new ClassCastException("not a datagram: " + message.getClass().getName());
    }
  }

  @Override
  public void inputEnded() {
    // That of a stream.
  }

  @Override
  public void writabilityChanged() {
    // The kernel is asked for room, not Netty's water mark.
  }

  @Override
  public void failed(Throwable cause) {
    Errno errno = ErrnoMapping.errno(cause);
    if (output.isWriting()) output.fail(errno);
    else pendingError = errno;
  }

  @Override
  public void closedBelow() {
    if (isClosed()) return;
    pendingError = Errno.EBADF;
    noteKnown();
  }

  @Override
  protected void refused(Errno why) {
    pendingError = why;
    noteKnown();
  }

  // --- addresses ---

  private void need(SocketAddress address) {
    Addresses.needResolved(address);
    if (Addresses.isUnix(address) != (family() == Family.UNIX))
      throw new OsException(Errno.EAFNOSUPPORT);
  }

  @Override
  public void bind(SocketAddress address) {
    if (!enterUnlessCalling()) {
      bindNow(address);
      return;
    }
    try {
      needOpen();
      need(address);
      Addresses.needFree(address);
      ChannelFuture bound = channel.bind(Addresses.toNetty(address));
      if (!bound.isSuccess()) throw ErrnoMapping.osException(bound.cause());
    } finally {
      exit();
    }
  }

  /** Past the channel, on a thread without the turn. */
  private void bindNow(SocketAddress address) {
    needOpen();
    need(address);
    Addresses.needFree(address);
    SocketAddress own = Addresses.forChannel(channel, address);
    directly(() -> kernel().bindNow(channel, own));
  }

  @Override
  public Errno connectEx(SocketAddress address) {
    boolean hasTurn = enterUnlessCalling();
    try {
      needOpen();
      need(address);
      Errno errno = direct(() -> datagrams.connectNow(channel, address));
      if (errno != Errno.OK) return errno;
      isConnected = true;
      owe(() -> datagrams.tellOfConnect(channel, address));
      if (hasTurn) catchUp();
      return errno;
    } catch (OsException refused) {
      return refused.errno();
    } finally {
      if (hasTurn) exit();
    }
  }

  @Override
  public void listen(int backlog) {
    throw new OsException(Errno.EOPNOTSUPP);
  }

  @Override
  public Accepted accept() {
    throw new OsException(Errno.EOPNOTSUPP);
  }

  @Override
  public Errno takeError() {
    if (!enterUnlessCalling()) {
      needOpen();
      return direct(() -> kernel().takeError(channel)); // What is known besides is the loop's.
    }
    try {
      needOpen();
      if (kernel().hidesHangUps()) lookAhead();
      Errno pending = pendingError;
      pendingError = Errno.OK;
      noteKnown();
      return pending == Errno.OK ? kernel().takeError(channel) : pending;
    } finally {
      exit();
    }
  }

  private void throwPendingError() {
    Errno errno = pendingError;
    if (errno == Errno.OK) return;
    pendingError = Errno.OK;
    noteKnown();
    throw new OsException(errno);
  }

  // --- receiving ---

  @Override
  public byte[] recv(int byteCount) {
    return recvfrom(byteCount).data();
  }

  @Override
  public Datagram recvfrom(int byteCount) {
    if (!enterUnlessCalling()) {
      needOpen();
      throw WouldBlockException.INSTANCE; // Only the channel tells who has sent one.
    }
    try {
      needOpen();
      throwPendingError();
      if (held.isEmpty() && inputEnded) return new Datagram(new byte[0], null);
      if (held.isEmpty()) readOne(Math.min(byteCount, longest()));
      throwPendingError();
      Held next = held.poll();
      noteKnown();
      if (next == null) throw WouldBlockException.INSTANCE;
      return taken(next, byteCount);
    } finally {
      exit();
    }
  }

  private Datagram taken(Held next, int byteCount) {
    ByteBuf data = next.data();
    try {
      byte[] bytes = new byte[Math.min(byteCount, data.readableBytes())];
      data.readBytes(bytes); // The rest is dropped, as the kernel drops it.
      SocketAddress peer = isConnected ? kernel().remoteAddress(channel, family()) : null;
      SocketAddress sender = peer == null ? next.sender() : peer;
      return new Datagram(bytes, sender == null ? Addresses.unknown(family()) : sender);
    } finally {
      data.release();
    }
  }

  private int longest() {
    return family() == Family.UNIX ? LONGEST_UNIX : LONGEST;
  }

  /** Has the channel read one datagram, cut to {@code byteCount} bytes. */
  private void readOne(int byteCount) {
    if (!datagrams.canReceive(channel)) return;
    recvAllocator.byteCount(Math.max(byteCount, 1)); // Netty needs room, even to find nothing.
    gate().deliver(Readiness.IN);
    // Netty's connected channels take a datagram of no bytes for the end, and drop it.
    if (held.isEmpty() && recvAllocator.lastBytesRead() < 0 && nettyIsConnected()) {
      held.add(new Held(channel.alloc().directBuffer(0, 0), null));
    }
    noteKnown();
  }

  private boolean nettyIsConnected() {
    return channel instanceof DatagramChannel inet
        ? inet.isConnected()
        : ((DomainDatagramChannel) channel).isConnected();
  }

  // --- sending ---

  @Override
  public int send(byte[] data, int offset, int byteCount) {
    return send(ByteBuffer.wrap(data, offset, byteCount));
  }

  @Override
  public int send(ByteBuffer data) {
    if (!enterUnlessCalling()) return output.sendNow(data, null);
    try {
      needOpen();
      throwPendingError();
      if (!isConnected) {
        throw new OsException(family() == Family.UNIX ? Errno.ENOTCONN : Errno.EDESTADDRREQ);
      }
      return output.write(data, null);
    } finally {
      exit();
    }
  }

  @Override
  public int sendto(byte[] data, SocketAddress address) {
    if (!enterUnlessCalling()) {
      need(address);
      return output.sendNow(ByteBuffer.wrap(data), address);
    }
    try {
      needOpen();
      need(address);
      throwPendingError();
      return output.write(ByteBuffer.wrap(data), address);
    } finally {
      exit();
    }
  }

  // --- ending ---

  @Override
  public void shutdown(Shutdown how) {
    boolean hasTurn = enterUnlessCalling();
    try {
      needOpen();
      if (!isConnected) throw new OsException(Errno.ENOTCONN);
      directly(() -> datagrams.shutdown(channel, how != Shutdown.WR, how != Shutdown.RD));
      if (how != Shutdown.WR) inputEnded = true;
    } finally {
      if (hasTurn) exit();
    }
  }

  @Override
  protected void closeChannel() {
    for (Held each; (each = held.poll()) != null; ) each.data().release();
    channel.close();
    kernel().letGoOfClosed(socketLoop().eventLoop());
  }

  // --- options ---

  @Override
  public <T> T getsockopt(SocketOption<T> option) {
    boolean hasTurn = enterUnlessCalling();
    try {
      needOpen();
      return direct(() -> datagrams.getOption(channel, option));
    } finally {
      if (hasTurn) exit();
    }
  }

  @Override
  public <T> void setsockopt(SocketOption<T> option, T value) {
    if (Multicast.is(option)) {
      setMembership(option, (Membership) value);
      return;
    }
    boolean hasTurn = enterUnlessCalling();
    try {
      needOpen();
      directly(() -> datagrams.setOption(channel, option, value));
    } finally {
      if (hasTurn) exit();
    }
  }

  /** Netty's natives join groups on the event loop only. */
  private void setMembership(SocketOption<?> option, Membership membership) {
    enter("setsockopt");
    try {
      needOpen();
      if (!(channel instanceof DatagramChannel inet)) throw Options.unknown(option);
      Multicast.set(inet, option, membership);
    } finally {
      exit();
    }
  }
}
