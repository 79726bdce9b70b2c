package org.asyncore.netty.pipeline;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import org.asyncore.netty.kernel.Addresses;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;

/**
 * How the connection of a {@link PipelineSocket} comes up, whoever connects, and why it does not:
 * SO_ERROR.
 *
 * <p>Confined to the channel's event loop, but for the calls of the program.
 */
final class PipelineConnect {
  private final PipelineSocket socket;
  private final PipelineDriver driver;

  /** The connect under way, or the last one; null if nobody has connected. */
  private Future<Void> connect;

  /** Stands for a connect that somebody else began; null if nobody is known to have. */
  private ChannelPromise awaited;

  private Errno error = Errno.OK;

  PipelineConnect(PipelineSocket socket, PipelineDriver driver) {
    this.socket = socket;
    this.driver = driver;
  }

  boolean isUnderWay() {
    return connect != null && !connect.isDone();
  }

  boolean hasFailed() {
    return connect != null && connect.isDone() && !connect.isSuccess();
  }

  /** What nobody was told of; OK for nothing. */
  Errno error() {
    return error;
  }

  Errno takeError() {
    if (!socket.enterUnlessCalling("getsockopt")) return Errno.OK; // It is the loop's to take.
    try {
      Errno taken = error;
      error = Errno.OK;
      return taken;
    } finally {
      socket.leave();
    }
  }

  /** Has it come to nothing, or be over, for this reason. */
  void fail(Errno why) {
    error = why;
    socket.stream().closedBelow();
  }

  // --- what the program calls ---

  void bind(SocketAddress address) {
    driver.needLoop("bind");
    socket.enter("bind");
    try {
      Addresses.needFree(address);
      SocketAddress own = Addresses.forChannel(socket.channel(), address);
      socket.channel().bind(own).syncUninterruptibly();
    } finally {
      socket.leave();
    }
  }

  Errno connectEx(SocketAddress address) {
    socket.enter("connect");
    try {
      return connect(address);
    } catch (OsException refused) {
      return refused.errno();
    } finally {
      socket.leave();
    }
  }

  private Errno connect(SocketAddress address) {
    Addresses.needResolved(address);
    if (socket.channel().isActive()) return Errno.EISCONN;
    if (isUnderWay()) return Errno.EALREADY;
    if (socket.polled() == null && socket.stream().isGone()) return Errno.ECONNABORTED;
    if (hasFailed() && !driver.reopen()) return Errno.ECONNABORTED;
    SocketAddress peer = Addresses.forChannel(socket.channel(), address);
    driver.connects();
    socket.channel().connect(peer);
    if (!connect.isDone()) return Errno.EINPROGRESS;
    if (connect.isSuccess()) return Errno.OK;
    Errno errno = error; // It is told here, and to nobody else.
    driver.reopen();
    error = Errno.OK;
    return errno;
  }

  // --- what the channel reports ---

  /** Takes over a channel that may be connecting. */
  void resume(Future<Void> connect) {
    this.connect = connect;
    connect.addListener(this::ended);
  }

  /** Somebody else may have begun a connect, of which nothing is known but how it will end. */
  void awaitUp() {
    Channel channel = socket.channel();
    ChannelPromise promise = channel.newPromise();
    awaited = promise;
    resume(promise);
    channel.closeFuture().addListener(closed -> promise.tryFailure(new ClosedChannelException()));
  }

  /** Somebody has fired that it is up, who need not be the channel. */
  void up() {
    if (awaited != null && socket.channel().isActive()) awaited.trySuccess(null);
    driver.up();
  }

  private void ended(Future<? super Void> done) {
    if (connect != done) return; // Another channel has taken its place meanwhile.
    if (!done.isSuccess()) {
      error = ErrnoMapping.errno(done.cause());
      if (socket.polled() == null) socket.stream().closedBelow(); // The bootstrap made it.
    }
    driver.changed();
  }
}
