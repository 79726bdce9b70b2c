package org.asyncore.netty.pipeline;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.util.concurrent.Ticker;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import org.asyncore.internal.UseCount;
import org.asyncore.netty.kernel.Addresses;
import org.asyncore.netty.kernel.Options;
import org.asyncore.netty.kernel.UnsentReset;
import org.asyncore.netty.socket.ChannelConnection;
import org.asyncore.netty.socket.Polled;
import org.asyncore.netty.socket.SocketNumber;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.Activity;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.Transport;
import org.asyncore.transport.WouldBlockException;

/**
 * The stream socket at the end of a pipeline: what the handlers in front let through is what it
 * receives, and what it sends goes out through them. Its {@link PipelineDriver} says who serves its
 * dispatcher, the loop of a map or a pipeline of the program's own, and which threads may call.
 *
 * <p>Owns the channel: {@link #close} closes it, after what was sent. What the channel reports is
 * recorded, by a {@link PipelineEnd}, and told when the driver asks. How it connects is {@link
 * PipelineConnect}'s to see to, what the program sends {@link PipelineSends}', how it ends its
 * {@link PipelineStream}'s.
 */
public final class PipelineSocket
    implements SocketNumber.Owner, UseCount, Polled.Looped, ChannelConnection {
  private final PipelineDriver driver;
  private final SocketNumber number = new SocketNumber();

  /** Null until the address is asked, where nobody has said it. */
  private Family family;

  private PipelineStream stream;
  private final PipelineConnect connect;
  private final PipelineSends sends;

  private int uses;

  /** Null as long as nobody asks for it. */
  private Activity activity;

  /**
   * @param family null for that of the channel's address
   */
  PipelineSocket(PipelineDriver driver, int number, Family family) {
    this.driver = driver;
    this.family = family;
    this.number.change(number);
    connect = new PipelineConnect(this, driver);
    sends = new PipelineSends(this);
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

  PipelineConnect connect() {
    return connect;
  }

  public PipelineDriver driver() {
    return driver;
  }

  /** Null as long as nobody asks for it. */
  Activity knownActivity() {
    return activity;
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

  // --- what there is to tell ---

  /** What poll would say of it, as flags of {@link Readiness}. */
  public int readiness() {
    if (connect.isUnderWay()) return 0;
    if (connect.error() != Errno.OK) {
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

  /** Whether the connection is up, or was, or has failed to come up. */
  public boolean isDecided() {
    return channel().isActive() || stream.isGone() || connect.error() != Errno.OK;
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

  /** How many bytes have come that nobody has asked for. */
  public int unread() {
    return stream.in.byteCount();
  }

  @Override
  public SocketNumber number() {
    return number;
  }

  // --- calls of the program ---

  void enter(String call) {
    driver.enter(call);
    entered();
  }

  /** As {@link #enter}; at once false while a callback on another thread has the turn. */
  boolean enterUnlessCalling(String call) {
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

  void leave() {
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
    SocketAddress address = connect.isUnderWay() ? null : driver.remoteAddress();
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
    return connect.takeError();
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
    connect.bind(address);
  }

  @Override
  public void listen(int backlog) {
    driver.needLoop("listen");
    throw new OsException(Errno.EINVAL, "listen() with handlers in front");
  }

  @Override
  public Accepted accept() {
    driver.needLoop("accept");
    throw new OsException(Errno.EINVAL);
  }

  @Override
  public Errno connectEx(SocketAddress address) {
    return connect.connectEx(address);
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
      return stream.in.receive();
    } finally {
      leave();
    }
  }

  private void enterToReceive() {
    if (!enterUnlessCalling("recv")) throw WouldBlockException.INSTANCE;
  }

  @Override
  public int send(byte[] data, int offset, int byteCount) {
    return sends.send(data, offset, byteCount);
  }

  @Override
  public int send(ByteBuffer data) {
    return sends.send(data);
  }

  /** As {@link #send(ByteBuffer)}, but nothing is copied: slices of what was taken are retained. */
  public int send(ByteBuf data) {
    return sends.send(data);
  }

  /** Takes the buffer itself if there is room for any of it; else it stays the caller's. */
  public boolean offer(ByteBuf data) {
    return sends.offer(data);
  }

  @Override
  public int sendto(byte[] data, SocketAddress address) {
    throw new OsException(channel().isActive() ? Errno.EISCONN : Errno.ENOTCONN);
  }

  // --- ending ---

  @Override
  public void shutdown(Shutdown how) {
    if (!enterUnlessCalling("shutdown")) {
      number.needOpen();
      if (!channel().isActive()) throw new OsException(Errno.ENOTCONN);
      driver.handOver(() -> shutdownIfUp(how));
      return;
    }
    try {
      sends.sendOn();
      stream.shutdown(how);
    } finally {
      leave();
    }
  }

  private void shutdownIfUp(Shutdown how) {
    if (!isClosed() && channel().isActive()) shutdown(how); // Else that has ended it already.
  }

  @Override
  public void close() {
    driver.close(this::closeNow);
  }

  private void closeNow() {
    if (isClosed()) return;
    driver.returnNumber(number.end());
    sends.end();
    sends.sendOn();
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
    stream.in.returnLent();
    driver.detached();
  }

  @Override
  public String toString() {
    return "socket " + fileno() + " " + Addresses.oneLine(channel());
  }
}
