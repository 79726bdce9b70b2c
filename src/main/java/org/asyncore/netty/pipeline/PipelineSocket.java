package org.asyncore.netty.pipeline;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.asyncore.netty.kernel.Addresses;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.netty.kernel.Options;
import org.asyncore.netty.loop.LoopBuffers;
import org.asyncore.netty.socket.ChannelConnection;
import org.asyncore.netty.socket.Polled;
import org.asyncore.netty.socket.RecvAllocator;
import org.asyncore.netty.socket.SocketNumber;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.Activity;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Datagram;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.Held;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.Transport;
import org.asyncore.transport.UseCount;
import org.asyncore.transport.WouldBlockException;

/**
 * The stream socket at the end of a pipeline: what the handlers in front let through is what it
 * receives, and what it sends goes out through them. Its {@link PipelineDriver} says who serves its
 * dispatcher, the loop of a map or a pipeline of the program's own, and which threads may call.
 *
 * <p>Owns the channel: {@link #close} closes it, after what was sent. What the channel reports is
 * recorded, by a {@link PipelineEnd}, and told when the driver asks.
 */
public final class PipelineSocket
    implements AsyncSocket, UseCount, Held, Polled.Looped, ChannelConnection, RecvAllocator.Taker {
  private final PipelineDriver driver;
  private final SocketNumber number = new SocketNumber();

  /** Null until the address is asked, where nobody has said it. */
  private Family family;

  private PipelineStream stream;
  private final CrossThreadSends beside = new CrossThreadSends();

  /** The connect under way, or the last one; null if nobody has connected. */
  private Future<Void> connect;

  private Errno pendingError = Errno.OK;
  private int uses;

  /** Null as long as nobody asks for it. */
  private Activity activity;

  /** Whether buffers themselves have been asked for, whose new owner may keep and enlarge them. */
  private boolean givesAway;

  /**
   * @param family null for that of the channel's address
   */
  PipelineSocket(PipelineDriver driver, int number, Family family) {
    this.driver = driver;
    this.family = family;
    this.number.change(number);
  }

  /** Takes its place in a pipeline, whose channel it owns from now on. */
  void take(ChannelHandlerContext context) {
    stream = new PipelineStream(context, driver);
    stream.activity(activity);
    Options.decidesOnClosing(channel().config());
  }

  public PipelineStream stream() {
    return stream;
  }

  public PipelineDriver driver() {
    return driver;
  }

  @Override
  public Channel channel() {
    return stream.channel;
  }

  // --- what happens on the connection ---

  @Override
  public Activity activity() {
    if (activity == null) {
      Ticker clock = stream.context.executor().ticker();
      take(new Activity(this, clock::nanoTime));
    }
    return activity;
  }

  /** Takes over what is known of its connection; null for nothing. */
  void activity(Activity known) {
    if (known != null) take(known.moved(this));
  }

  private void take(Activity taken) {
    activity = taken;
    if (stream != null) stream.activity(taken);
  }

  @Override
  public boolean isReading() {
    return channel().config().isAutoRead();
  }

  @Override
  public boolean hasInput() {
    return false; // It has been read.
  }

  @Override
  public boolean waitsForRoom() {
    return false; // What is sent waits on our side.
  }

  @Override
  public Polled polled() {
    return driver instanceof LoopDriver looped ? looped : null;
  }

  // --- what the channel reports, on its event loop ---

  void up() {
    if (connect instanceof ChannelPromise awaited) awaited.trySuccess(null);
    driver.up();
  }

  /** Somebody else may have begun a connect, of which nothing is known but how it will end. */
  void awaitUp() {
    ChannelPromise awaited = channel().newPromise();
    resume(awaited);
    channel().closeFuture().addListener(closed -> awaited.tryFailure(new ClosedChannelException()));
  }

  void read(Object message) {
    stream.received(message);
    if (activity != null) activity.received();
    driver.changed();
  }

  public void event(Object event) {
    if (!stream.learns(event)) driver.event(event);
    driver.changed();
  }

  void writabilityChanged() {
    if (stream.canSend()) driver.writable();
    else driver.changed();
  }

  void failed(Throwable cause) {
    if (!hasFailed()) stream.failed(cause); // Else that is told, and all else follows from it.
    driver.changed();
  }

  /** Has nobody serve it any more, for this reason. */
  void fail(Errno why) {
    pendingError = why;
    stream.closedBelow();
  }

  void inactive() {
    stream.closedBelow();
    driver.changed();
  }

  ChannelPromise connecting(ChannelPromise promise) {
    connect = promise;
    if (activity != null) activity.connects();
    promise.addListener(this::connected);
    driver.changed();
    return promise;
  }

  private void connected(Future<? super Void> done) {
    if (connect != done) return; // Another channel has taken its place meanwhile.
    if (!done.isSuccess()) {
      pendingError = ErrnoMapping.errno(done.cause());
      if (polled() == null) stream.closedBelow(); // The end of a channel that its bootstrap made.
    }
    driver.changed();
  }

  boolean mayRead() {
    return stream.mayRead();
  }

  // --- what there is to tell ---

  /** What poll would say of it, as flags of {@link Readiness}. */
  public int readiness() {
    if (isConnecting()) return 0;
    if (pendingError != Errno.OK) {
      return Readiness.IN | Readiness.OUT | Readiness.ERR | Readiness.HUP;
    }
    if (!channel().isActive() && !stream.isGone()) {
      return Readiness.OUT | Readiness.HUP; // As poll says of a fresh socket.
    }
    int readiness = stream.in.canReceive() ? Readiness.IN : 0;
    if (stream.canSend()) readiness |= Readiness.OUT;
    // A hang-up waits for the last byte: the channel may be closed long before that is asked for.
    return stream.isGone() && !stream.in.hasBytes() ? readiness | Readiness.HUP : readiness;
  }

  private boolean isConnecting() {
    return connect != null && !connect.isDone();
  }

  /** Whether the connection is up, or was, or has failed to come up. */
  public boolean isDecided() {
    return channel().isActive() || stream.isGone() || pendingError != Errno.OK;
  }

  /** How often something was received: whether a callback got anywhere. */
  public int receives() {
    return stream.in.receives();
  }

  /** How often something was sent. */
  public int sends() {
    return stream.out.sends();
  }

  /** Whether the channel is closed below. */
  public boolean isGone() {
    return stream.isGone();
  }

  /** Whether so much waits that no more is to be read. */
  @Override
  public boolean isFull() {
    return stream.in.isFull();
  }

  /** How many bytes have come that nobody has asked for. */
  public int unread() {
    return stream.in.byteCount();
  }

  // --- the number ---

  public boolean isClosed() {
    return number.isClosed();
  }

  @Override
  public int fileno() {
    return number.get();
  }

  /** Has another number, as its descriptor is lost or another one. */
  void number(int now) {
    number.change(now);
  }

  @Override
  public Holder holder() {
    return number.holder();
  }

  @Override
  public void holder(Holder holder) {
    number.holder(holder);
  }

  // --- calls of the program ---

  private void enter(String call) {
    driver.enter(call);
    entered();
  }

  /** As {@link #enter}; at once false while a callback on another thread has the turn. */
  private boolean enterUnlessCalling(String call) {
    if (!driver.enterUnlessCalling(call)) return false;
    entered();
    return true;
  }

  private void entered() {
    uses++;
    try {
      number.needOpen();
    } catch (OsException closed) {
      driver.exit();
      throw closed;
    }
  }

  private void leave() {
    try {
      driver.used();
    } finally {
      driver.exit();
    }
  }

  @Override
  public int uses() {
    return uses;
  }

  @Override
  public Transport transport() {
    return driver.transport();
  }

  @Override
  public Family family() {
    if (family == null) family = Addresses.familyOf(channel().localAddress());
    return family;
  }

  @Override
  public SocketType type() {
    return SocketType.STREAM;
  }

  @Override
  public SocketAddress getsockname() {
    number.needOpen();
    SocketAddress address = driver.localAddress();
    return address == null ? Addresses.unknown(family()) : address;
  }

  @Override
  public SocketAddress getpeername() {
    number.needOpen();
    SocketAddress address = isConnecting() ? null : driver.remoteAddress();
    if (address == null) throw new OsException(Errno.ENOTCONN);
    return address;
  }

  @Override
  public <T> T getsockopt(SocketOption<T> option) {
    number.needOpen();
    boolean isOurs = option == StandardSocketOptions.SO_LINGER && stream.out.reset().isSet();
    return isOurs ? option.type().cast(UnsentReset.DEFAULT) : Options.get(channel(), option);
  }

  @Override
  public <T> void setsockopt(SocketOption<T> option, T value) {
    number.needOpen();
    if (option == StandardSocketOptions.SO_LINGER) stream.out.reset().bar();
    Options.set(channel(), option, value);
  }

  @Override
  public Errno takeError() {
    if (!enterUnlessCalling("getsockopt")) return Errno.OK; // It is the loop's to take.
    try {
      Errno error = pendingError;
      pendingError = Errno.OK;
      return error;
    } finally {
      leave();
    }
  }

  /** Does something to the pipeline, after what was sent. */
  public void call(String name, Runnable action) {
    enter(name);
    try {
      stream.out.flush();
      action.run();
      stream.updateReading(); // TLS that has begun wants to.
    } finally {
      leave();
    }
  }

  /** Flushes what was sent, at once or before what this thread does to the pipeline. */
  public void flushHere() {
    if (!driver.mayCall()) return;
    if (!enterUnlessCalling("pipeline")) {
      driver.handOver(this::flushHere);
      return;
    }
    try {
      stream.out.flush();
    } finally {
      leave();
    }
  }

  // --- connecting ---

  @Override
  public void bind(SocketAddress address) {
    needLoop("bind");
    enter("bind");
    try {
      Addresses.needFree(address);
      channel().bind(Addresses.forChannel(channel(), address)).syncUninterruptibly();
    } finally {
      leave();
    }
  }

  @Override
  public void listen(int backlog) {
    needLoop("listen");
    throw new OsException(Errno.EINVAL, "listen() with handlers in front");
  }

  @Override
  public Accepted accept() {
    needLoop("accept");
    throw new OsException(Errno.EINVAL);
  }

  private void needLoop(String call) {
    if (polled() != null) return;
    throw new OsException(
        Errno.EOPNOTSUPP,
        call
            + "() on a hosted socket: its bootstrap does that"
            + " (docs/differences.md#hosted-in-a-pipeline)");
  }

  @Override
  public Errno connectEx(SocketAddress address) {
    enter("connect");
    try {
      Addresses.needResolved(address);
      if (channel().isActive()) return Errno.EISCONN;
      if (isConnecting()) return Errno.EALREADY;
      if (hasFailed() && !driver.reopen()) return Errno.ECONNABORTED;
      SocketAddress peer = Addresses.forChannel(channel(), address);
      driver.connects();
      channel().connect(peer);
      if (!connect.isDone()) return Errno.EINPROGRESS;
      if (connect.isSuccess()) return Errno.OK;
      Errno errno = pendingError; // It is told here, and to nobody else.
      driver.reopen();
      pendingError = Errno.OK;
      return errno;
    } catch (OsException refused) {
      return refused.errno();
    } finally {
      leave();
    }
  }

  private boolean hasFailed() {
    return connect != null && connect.isDone() && !connect.isSuccess();
  }

  /** Takes over a socket that may be connecting. */
  void resume(Future<Void> connect) {
    this.connect = connect;
    connect.addListener(this::connected);
  }

  // --- bytes ---

  @Override
  public byte[] recv(int byteCount) {
    enterToReceive();
    try {
      return stream.in.receive(byteCount);
    } finally {
      leave();
    }
  }

  @Override
  public int recv(ByteBuffer target) {
    enterToReceive();
    try {
      return stream.in.receive(target);
    } finally {
      leave();
    }
  }

  /** All the bytes of the oldest buffer, the caller's own; null at the end of the stream. */
  public ByteBuf recv() {
    enterToReceive();
    try {
      if (!givesAway) {
        givesAway = true;
        returnLent();
      }
      return stream.in.receive();
    } finally {
      leave();
    }
  }

  /** What was not asked for must not keep a buffer into which others are to be read. */
  void returnLent() {
    LoopBuffers lender = driver.buffers();
    if (lender != null && lender.isLending()) stream.in.returnLent(lender);
  }

  /**
   * Whether what the channel reads now comes here at once, and is soon copied to where its receiver
   * wants it.
   */
  boolean copiesOut() {
    return !givesAway && stream.out.isBare();
  }

  @Override
  public LoopBuffers lender() {
    return copiesOut() ? driver.buffers() : null;
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
    if (!enterUnlessCalling("send")) return sendBeside(ByteBuffer.wrap(data, offset, byteCount));
    try {
      needDecided();
      int taken = stream.out.send(data, offset, byteCount);
      driver.sent();
      return taken;
    } finally {
      leave();
    }
  }

  @Override
  public int send(ByteBuffer data) {
    if (!enterUnlessCalling("send")) return sendBeside(data);
    try {
      needDecided();
      int taken = stream.out.send(data);
      driver.sent();
      return taken;
    } finally {
      leave();
    }
  }

  /** As {@link #send(ByteBuffer)}, but nothing is copied: slices of what was taken are retained. */
  public int send(ByteBuf data) {
    if (!enterUnlessCalling("send")) {
      int taken = sendBeside(data.nioBuffer());
      data.skipBytes(taken);
      return taken;
    }
    try {
      needDecided();
      int taken = stream.out.send(data);
      driver.sent();
      return taken;
    } finally {
      leave();
    }
  }

  /** Takes the buffer itself if there is room for any of it; else it stays the caller's. */
  public boolean offer(ByteBuf data) {
    if (!enterUnlessCalling("send")) return offerBeside(data);
    try {
      needDecided();
      boolean taken = stream.out.offer(data);
      driver.sent();
      return taken;
    } finally {
      leave();
    }
  }

  private void needDecided() {
    if (isConnecting()) throw WouldBlockException.INSTANCE;
    sendWhatCameBeside();
  }

  /** On a thread that a callback must not have to wait for. */
  private int sendBeside(ByteBuffer data) {
    needUpBeside();
    int taken = beside.add(data);
    if (taken == 0 && data.hasRemaining()) throw WouldBlockException.INSTANCE;
    if (taken > 0) driver.handOver(this::sendWhatCameBeside);
    return taken;
  }

  private void needUpBeside() {
    number.needOpen();
    if (isConnecting()) throw WouldBlockException.INSTANCE;
    if (!channel().isActive()) throw new OsException(Errno.ENOTCONN);
  }

  private boolean offerBeside(ByteBuf data) {
    needUpBeside();
    if (!beside.addWhole(data.nioBuffer())) return false;
    driver.handOver(this::sendWhatCameBeside);
    data.release();
    return true;
  }

  private void sendWhatCameBeside() {
    if (beside.isEmpty()) return;
    ByteBuf bytes = beside.take();
    if (bytes == null) return;
    stream.out.append(bytes);
    stream.out.flush();
  }

  private void enterToReceive() {
    if (!enterUnlessCalling("recv")) throw WouldBlockException.INSTANCE;
  }

  @Override
  public int sendto(byte[] data, SocketAddress address) {
    throw new OsException(channel().isActive() ? Errno.EISCONN : Errno.ENOTCONN);
  }

  @Override
  public int sendUrgent(byte[] data) {
    throw new OsException(Errno.EOPNOTSUPP);
  }

  // --- ending ---

  @Override
  public void shutdown(Shutdown how) {
    if (!enterUnlessCalling("shutdown")) {
      driver.handOver(() -> shutdown(how));
      return;
    }
    try {
      sendWhatCameBeside();
      stream.shutdown(how);
    } finally {
      leave();
    }
  }

  @Override
  public void close() {
    driver.close(this::closeNow);
  }

  private void closeNow() {
    if (isClosed()) return;
    driver.returnNumber(number.end());
    beside.end();
    sendWhatCameBeside();
    if (activity != null) activity.closed();
    stream.close();
    driver.closed();
  }

  /** Gives the channel to a native handler, behind those that it has; what is unread goes there. */
  public void handOn(ChannelHandler next) {
    ChannelPipeline pipeline = channel().pipeline();
    String place = stream.context.name();
    pipeline.addAfter(place, null, next);
    giveChannelAway(); // Before another may adopt it, in the midst of what follows.
    pipeline.remove(place);
    stream.handOn();
  }

  /** Its channel is somebody else's from now on, who is to get what the stream hands on. */
  public void giveChannelAway() {
    if (isClosed()) return;
    driver.returnNumber(number.end());
    if (activity != null && activity.limits() instanceof Limits limits) {
      limits.migrated(stream.context);
    }
    returnLent();
    driver.detached();
  }

  @Override
  public String toString() {
    return "socket " + fileno() + " " + Addresses.oneLine(channel());
  }
}
