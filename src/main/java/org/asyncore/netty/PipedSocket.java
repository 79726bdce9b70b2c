package org.asyncore.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.Datagram;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.WouldBlockException;

/**
 * A stream socket of a map that has handlers in front of it: its gate is open, bytes come through
 * the pipeline when they like, and a pass is answered by what has arrived at the end of it.
 *
 * <p>Takes the channel, and the number, of a {@link ChannelSocket}. Sends are flushed once for each
 * dispatcher in a pass. As {@link NettySocket}, public calls take the loop's turn.
 */
final class PipedSocket extends NettySocket {
  private final Channel channel;
  private final PipelineStream stream;
  private Consumer<Object> userEvents = event -> {};

  /** Null until connect is called. */
  private ChannelFuture connect;

  private Errno pendingError = Errno.OK;

  /** A pass flushes it when the callbacks under way are over. */
  private boolean flushesLater;

  /** For the holder of the turn. */
  PipedSocket(ChannelSocket before) {
    super(before.transport(), before.family(), SocketType.STREAM);
    ChannelSocket.HandedOver handed = before.handOver();
    channel = handed.channel();
    gate(handed.gate());
    number(handed.number());
    channel.pipeline().replace(ReadinessHandler.class, Channels.DISPATCHER, new End());
    stream = streamAt(channel.pipeline().context(Channels.DISPATCHER));
    if (handed.unread() != null) stream.received(handed.unread());
    if (handed.ended()) stream.in.end();
    if (handed.connect() != null) connecting(handed.connect());
    changed();
  }

  /** Takes over a live native channel of this transport's loop, for the holder of the turn. */
  PipedSocket(NettyTransport transport, Channel live) {
    super(transport, Addresses.familyOf(live.localAddress()), SocketType.STREAM);
    channel = live;
    gate(transport.loop().handler().gateOf(live));
    number(kernel.dealNumber(live));
    Options.allowHalfClosure(live.config());
    live.config().setOption(ChannelOption.AUTO_CLOSE, false);
    live.pipeline().addLast(Channels.DISPATCHER, new End());
    stream = streamAt(live.pipeline().context(Channels.DISPATCHER));
    stream.updateReading(); // Whatever the handlers before have made of it.
    changed();
  }

  private PipelineStream streamAt(ChannelHandlerContext context) {
    return new PipelineStream(context, () -> transport().loop().buffers());
  }

  /** Gives the channel to a handler behind this socket's own, which goes. */
  void detach(ChannelHandler next) {
    channel.pipeline().addAfter(Channels.DISPATCHER, null, next);
    kernel.returnNumber(fileno());
    number(-1);
    known(Readiness.NVAL);
    channel.pipeline().remove(Channels.DISPATCHER); // Now another may adopt it, in the midst of:
    stream.detach();
  }

  /** Who hears of user events, on the loop's turn, in the middle of I/O. */
  void userEvents(Consumer<Object> hearer) {
    userEvents = hearer;
  }

  /** The last handler of the pipeline: records what comes there. */
  private final class End extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      stream.received(message);
      stream.updateReading();
      changed();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      boolean isOurs = stream.learns(event);
      stream.updateReading(); // A handshake that is done needs none any more.
      changed();
      if (!isOurs) userEvents.accept(event);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      changed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      stream.failed(cause);
      changed();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      stream.closedBelow();
      changed();
    }
  }

  // --- asking ---

  @Override
  void registered() {
    gate.watch(null);
  }

  /** A dispatcher that does not read leaves bytes in the kernel, as far as that can be known. */
  @Override
  void wanted(boolean wanted) {
    stream.wanted(wanted);
    stream.updateReading();
  }

  @Override
  int digest(int events) {
    return known();
  }

  /** Something new is known: tells the pass that waits for it. */
  private void changed() {
    if (isClosed()) return;
    known(readiness());
    if (known() != 0) found(0);
  }

  private int readiness() {
    if (connect == null && !channel.isActive() && !stream.isGone()) {
      return Readiness.OUT | Readiness.HUP; // As poll says of a fresh socket.
    }
    if (connect != null && !connect.isDone()) return 0;
    if (pendingError != Errno.OK) {
      return Readiness.IN | Readiness.OUT | Readiness.ERR | Readiness.HUP;
    }
    int readiness = stream.in.canReceive() ? Readiness.IN : 0;
    if (stream.canSend()) readiness |= Readiness.OUT;
    // A hang-up waits for the last byte: the channel may be closed long before that is asked for.
    return stream.isGone() && !stream.in.hasBytes() ? readiness | Readiness.HUP : readiness;
  }

  @Override
  Channel channel() {
    return channel;
  }

  PipelineStream stream() {
    return stream;
  }

  // --- connecting ---

  @Override
  public void bind(SocketAddress address) {
    Addresses.needFree(address);
    run(() -> channel.bind(Addresses.forChannel(channel, address)).syncUninterruptibly());
  }

  @Override
  public void listen(int backlog) {
    throw new OsException(Errno.EINVAL, "listen() with handlers in front");
  }

  @Override
  public Accepted accept() {
    throw new OsException(Errno.EINVAL);
  }

  @Override
  public Errno connectEx(SocketAddress address) {
    enter();
    try {
      needOpen();
      if (channel.isActive()) return Errno.EISCONN;
      if (connect != null) return connect.isDone() ? Errno.ECONNABORTED : Errno.EALREADY;
      ChannelFuture connect = channel.connect(Addresses.forChannel(channel, address));
      connecting(connect);
      if (!connect.isDone()) return Errno.EINPROGRESS;
      return takeError();
    } catch (OsException refused) {
      return refused.errno();
    } finally {
      exit();
    }
  }

  private void connecting(ChannelFuture connect) {
    this.connect = connect;
    changed();
    connect.addListener(this::connected);
  }

  @Override
  SocketAddress peerAddress() {
    return connect == null || connect.isDone() ? super.peerAddress() : null;
  }

  private void connected(Future<? super Void> connect) {
    if (!connect.isSuccess()) pendingError = ErrnoMapping.errno(connect.cause());
    changed();
  }

  @Override
  public Errno takeError() {
    enter();
    try {
      needOpen();
      Errno error = pendingError;
      pendingError = Errno.OK;
      changed();
      return error;
    } finally {
      exit();
    }
  }

  // --- bytes ---

  @Override
  public byte[] recv(int byteCount) {
    enter();
    try {
      needOpen();
      return stream.in.receive(byteCount);
    } finally {
      taken();
    }
  }

  @Override
  public int recv(ByteBuffer target) {
    enter();
    try {
      needOpen();
      return stream.in.receive(target);
    } finally {
      taken();
    }
  }

  /** All the bytes of the oldest buffer, the caller's own; null at the end of the stream. */
  ByteBuf recv() {
    enter();
    try {
      needOpen();
      return stream.in.receive();
    } finally {
      taken();
    }
  }

  private void taken() {
    try {
      stream.updateReading();
      changed();
    } finally {
      exit();
    }
  }

  @Override
  public Datagram recvfrom(int byteCount) {
    return new Datagram(recv(byteCount), null); // As Python: a stream has no sender to name.
  }

  @Override
  public byte[] recvUrgent(int byteCount) {
    throw new OsException(Errno.EOPNOTSUPP);
  }

  @Override
  public int send(byte[] data, int offset, int byteCount) {
    enter();
    try {
      needSendable();
      return sent(stream.out.send(data, offset, byteCount));
    } finally {
      exit();
    }
  }

  @Override
  public int send(ByteBuffer data) {
    enter();
    try {
      needSendable();
      return sent(stream.out.send(data));
    } finally {
      exit();
    }
  }

  /** As {@link #send(ByteBuffer)}, but nothing is copied: slices of what was taken are retained. */
  int send(ByteBuf data) {
    enter();
    try {
      needSendable();
      return sent(stream.out.send(data));
    } finally {
      exit();
    }
  }

  /** Takes the buffer itself if there is room for any of it; else it stays the caller's. */
  boolean offer(ByteBuf data) {
    enter();
    try {
      needSendable();
      int byteCount = data.readableBytes();
      return stream.out.offer(data) && sent(byteCount) == byteCount;
    } finally {
      exit();
    }
  }

  private void needSendable() {
    needOpen();
    if (connect != null && !connect.isDone()) throw WouldBlockException.INSTANCE;
  }

  private int sent(int taken) {
    if (!isCalledBack()) stream.out.flush();
    else if (!flushesLater) transport().flushLater(this);
    flushesLater = stream.out.isUnflushed();
    known(readiness());
    return taken;
  }

  @Override
  void flush() {
    flushesLater = false;
    stream.out.flush();
  }

  @Override
  public int sendto(byte[] data, SocketAddress address) {
    throw new OsException(channel.isActive() ? Errno.EISCONN : Errno.ENOTCONN);
  }

  @Override
  public int sendUrgent(byte[] data) {
    throw new OsException(Errno.EOPNOTSUPP);
  }

  // --- ending ---

  @Override
  public void shutdown(Shutdown how) {
    run(
        () -> {
          stream.shutdown(how);
          changed();
        });
  }

  @Override
  void closeChannel() {
    stream.close();
    if (!channel.isOpen()) return;
    transport().flushing(this, true); // A loop that ends waits for it.
    channel.closeFuture().addListener(closed -> transport().flushing(this, false));
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
    run(() -> Options.set(channel, option, value));
  }

  /** After what was sent. */
  void call(Runnable action) {
    run(
        () -> {
          stream.out.flush();
          action.run();
          stream.updateReading(); // TLS that has begun wants to.
        });
  }

  private void run(Runnable call) {
    enter();
    try {
      needOpen();
      call.run();
    } finally {
      exit();
    }
  }
}
