package org.asyncore.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.EventExecutor;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Datagram;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.WouldBlockException;

/**
 * The socket of a dispatcher that is hosted in a pipeline: whatever the handlers in front let
 * through is what it receives, and what it sends goes out through them. Who dispatches it extends
 * it: one object a connection, and not two.
 *
 * <p>Owns the channel: {@link #close} closes it, after what was sent. Confined to the executor of
 * its handler's context; {@link #close}, names and options may be used from any thread.
 */
public abstract class PipelineSocket extends PipelineStream implements AsyncSocket {
  private final HostedTransport transport;
  private final EventExecutor executor;
  private volatile int number;
  private boolean dispatching;
  private boolean connecting;

  /** Whether buffers themselves have been asked for, whose new owner may keep and enlarge them. */
  private boolean givesAway;

  private Errno pendingError = Errno.OK;

  /** A socket at a handler's place in its pipeline, whose channel it owns from now on. */
  protected PipelineSocket(HostedTransport transport, ChannelHandlerContext context) {
    super(context, LoopBuffers::ofThread);
    this.transport = transport;
    executor = context.executor();
    number = transport.deal();
    channel.config().setOption(ChannelOption.AUTO_CLOSE, false); // A dispatcher decides on that.
    Options.allowHalfClosure(channel.config());
    HostedReads.installIn(channel, this);
  }

  /** The name of its handler in the pipeline. */
  String handlerName() {
    return context.name();
  }

  public Channel channel() {
    return channel;
  }

  /** Has the dispatch make a call later. From any thread. */
  Future<?> schedule(Runnable call, long delayNanos) {
    return executor.schedule(() -> due(call), delayNanos, TimeUnit.NANOSECONDS);
  }

  // --- for the dispatch, which it is a part of ---

  /**
   * A call from outside a dispatch may have changed what there is to do; on the context's executor,
   * never in that call itself.
   */
  protected abstract void touched();

  /** Calls this as a callback of the dispatcher; for the context's executor. */
  protected abstract void due(Runnable call);

  /** The native connect under way has failed. */
  public void connectFailed(Throwable cause) {
    pendingError = ErrnoMapping.errno(cause);
    closedBelow();
  }

  public boolean canReceive() {
    return in.canReceive();
  }

  public boolean isFull() {
    return in.isFull();
  }

  public boolean isClosed() {
    return number < 0;
  }

  /** How often something was received: whether a callback got anywhere. */
  public int receives() {
    return in.receives();
  }

  /** How often something was sent. */
  public int sends() {
    return out.sends();
  }

  /** Flushes what was sent so far. */
  public void flush() {
    out.flush();
  }

  /**
   * Whether what the channel reads now comes here at once, and is soon copied to where its receiver
   * wants it.
   */
  boolean copiesOut() {
    return !givesAway && out.isBare();
  }

  /** From now on sends wait for {@link #dispatched} to be flushed. */
  public void dispatching() {
    dispatching = true;
  }

  /**
   * Flushes what was sent, and sees to it that the channel is read if the dispatcher wants that.
   */
  public void dispatched(boolean readable) {
    dispatching = false;
    if (in.hasBytes()) returnLent();
    wanted(readable);
    out.flush();
    updateReading();
  }

  /** The dispatcher may be asked for other things now. Safe from any thread. */
  public void interestChanged() {
    executor.execute(this::touched);
  }

  /** What was not asked for must not keep a buffer into which others are to be read. */
  private void returnLent() {
    LoopBuffers lender = LoopBuffers.ofThread();
    if (lender != null && lender.isLending()) in.returnLent(lender);
  }

  void call(String name, Runnable action) {
    enter(name);
    used();
    out.flush();
    action.run();
  }

  /** Flushes what was sent, if this is the thread to do that. */
  void flushHere() {
    if (executor.inEventLoop()) out.flush();
  }

  /** Leaves the channel open, to whoever comes next; what nobody asked for is theirs. */
  @Override
  public void detach() {
    if (number < 0) return;
    returnNumber();
    returnLent();
    super.detach();
  }

  // --- the number and names ---

  private void returnNumber() {
    int dealt = number;
    number = -1;
    transport.takeBack(dealt);
  }

  private void enter(String call) {
    if (!executor.inEventLoop()) {
      throw new IllegalStateException(
          call
              + "() on "
              + Thread.currentThread().getName()
              + ": a hosted socket is confined to the event loop of its channel"
              + " (docs/differences.md#hosted-in-a-pipeline)");
    }
    needOpen();
  }

  private void needOpen() {
    if (number < 0) throw new OsException(Errno.EBADF);
  }

  private void used() {
    if (!dispatching) executor.execute(this::touched);
  }

  @Override
  public int fileno() {
    return number;
  }

  @Override
  public Family family() {
    return Addresses.familyOf(channel.localAddress());
  }

  @Override
  public SocketType type() {
    return SocketType.STREAM;
  }

  @Override
  public HostedTransport transport() {
    return transport;
  }

  @Override
  public SocketAddress getsockname() {
    needOpen();
    SocketAddress address = channel.localAddress();
    return address == null ? Addresses.unknown(family()) : Addresses.fromNetty(address);
  }

  @Override
  public SocketAddress getpeername() {
    needOpen();
    SocketAddress address = channel.remoteAddress();
    if (address == null) throw new OsException(Errno.ENOTCONN);
    return Addresses.fromNetty(address);
  }

  @Override
  public <T> T getsockopt(SocketOption<T> option) {
    needOpen();
    return Options.get(channel, option);
  }

  @Override
  public <T> void setsockopt(SocketOption<T> option, T value) {
    needOpen();
    Options.set(channel, option, value);
  }

  @Override
  public Errno takeError() {
    Errno error = pendingError;
    pendingError = Errno.OK;
    return error;
  }

  // --- connecting ---

  @Override
  public void bind(SocketAddress address) {
    throw unsupported("bind");
  }

  @Override
  public void listen(int backlog) {
    throw unsupported("listen");
  }

  @Override
  public Accepted accept() {
    throw unsupported("accept");
  }

  private static OsException unsupported(String call) {
    return new OsException(
        Errno.EOPNOTSUPP,
        call
            + "() on a hosted socket: its bootstrap does that"
            + " (docs/differences.md#hosted-in-a-pipeline)");
  }

  @Override
  public Errno connectEx(SocketAddress address) {
    enter("connect");
    if (channel.isActive()) return Errno.EISCONN;
    if (connecting) return Errno.EALREADY;
    connecting = true;
    ChannelFuture connect = channel.connect(Addresses.forChannel(channel, address));
    if (!connect.isDone()) return Errno.EINPROGRESS;
    return connect.isSuccess() ? Errno.OK : ErrnoMapping.errno(connect.cause());
  }

  // --- bytes ---

  @Override
  public byte[] recv(int byteCount) {
    enter("recv");
    used();
    return in.receive(byteCount);
  }

  @Override
  public int recv(ByteBuffer target) {
    enter("recv");
    used();
    return in.receive(target);
  }

  /** All the bytes of the oldest buffer, the caller's own; null at the end of the stream. */
  ByteBuf recv() {
    enter("recv");
    used();
    if (!givesAway) {
      givesAway = true;
      returnLent();
    }
    return in.receive();
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
    enterToSend();
    return sent(out.send(data, offset, byteCount));
  }

  @Override
  public int send(ByteBuffer data) {
    enterToSend();
    return sent(out.send(data));
  }

  /** As {@link #send(ByteBuffer)}, but nothing is copied: slices of what was taken are retained. */
  int send(ByteBuf data) {
    enterToSend();
    return sent(out.send(data));
  }

  /** Takes the buffer itself if there is room for any of it; else it stays the caller's. */
  boolean offer(ByteBuf data) {
    enterToSend();
    boolean taken = out.offer(data);
    if (!dispatching) out.flush();
    return taken;
  }

  private void enterToSend() {
    enter("send");
    used();
    if (connecting && !channel.isActive() && !isGone()) throw WouldBlockException.INSTANCE;
  }

  private int sent(int taken) {
    if (!dispatching) out.flush();
    return taken;
  }

  @Override
  public int sendto(byte[] data, SocketAddress address) {
    throw new OsException(channel.isActive() ? Errno.EISCONN : Errno.ENOTCONN);
  }

  @Override
  public int sendUrgent(byte[] data) {
    throw new OsException(Errno.EOPNOTSUPP);
  }

  @Override
  public void shutdown(Shutdown how) {
    enter("shutdown");
    used();
    super.shutdown(how);
  }

  @Override
  public void close() {
    if (!executor.inEventLoop()) {
      if (number >= 0) executor.execute(this::close);
      return;
    }
    if (number < 0) return;
    returnNumber();
    super.close();
  }

  @Override
  public String toString() {
    return "socket " + number + " " + channel;
  }
}
