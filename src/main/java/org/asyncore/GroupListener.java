package org.asyncore;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.asyncore.internal.AcceptBackOff;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.OsException;

/**
 * Takes connections for a {@link LoopGroup}: each for the loop whose turn it is. It does not look
 * for any for a while after {@code accept} failed, as many loops live from it.
 */
final class GroupListener extends Dispatcher {
  private final LoopThread loop;
  private final Supplier<LoopThread> targets;
  private final BiFunction<AsyncSocket, SocketMap, ? extends Dispatcher> factory;
  private final AcceptBackOff backOff;

  /** After a failure, until it is time to try again. */
  private boolean isWaiting;

  /** Over a socket that listens; it is in the map, and complete, when this returns. */
  GroupListener(
      AsyncSocket socket,
      LoopThread loop,
      Supplier<LoopThread> targets,
      BiFunction<AsyncSocket, SocketMap, ? extends Dispatcher> factory) {
    super(loop.map());
    this.loop = loop;
    backOff = new AcceptBackOff(loop.map()::nanoTime);
    this.targets = targets;
    this.factory = factory;
    accepting(true);
    addr(socket.getsockname());
    setSocket(socket); // Last: from here on the loop's thread may call.
  }

  @Override
  public boolean readable() {
    return !isWaiting;
  }

  @Override
  public void handleAccepted(AsyncSocket socket, SocketAddress address) {
    backOff.accepted();
    LoopThread target = targets.get();
    if (target == loop || !handsOn(socket, target)) serve(socket, loop);
  }

  /** Says whether that loop takes it: it does not if it is stopping, before this one. */
  private boolean handsOn(AsyncSocket socket, LoopThread target) {
    if (target.isStopping()) return false;
    try {
      target.execute(() -> serve(socket, target));
      return true;
    } catch (RejectedExecutionException ended) {
      return false;
    }
  }

  private void serve(AsyncSocket socket, LoopThread target) {
    try {
      Dispatcher made = factory.apply(socket, target.map());
      if (made == null) throw new IllegalStateException("the factory made no dispatcher");
      target.tellIfLate(made);
    } catch (Throwable thrown) {
      if (!LoopExit.leavesLoop(thrown)) log("a connection has no dispatcher", thrown);
      target.map().remove(socket.fileno());
      socket.close();
      if (LoopExit.leavesLoop(thrown)) throw thrown;
    }
  }

  /** Connections that are complete are served, and told; whoever comes later is refused. */
  @Override
  public void handleStop() {
    if (!accepting()) return; // It has closed before.
    try {
      for (Accepted pair; (pair = accept()) != null; ) {
        handleAccepted(pair.socket(), pair.address());
      }
    } finally {
      close(); // Also without a descriptor for them.
    }
  }

  /** Is told of a stop that may have come before its loop knew it. From any thread. */
  void stopIfLate() {
    if (!loop.isStopping()) return;
    try {
      loop.execute(() -> Callbacks.stop(this));
    } catch (RejectedExecutionException ended) {
      close();
    }
  }

  /** Closes if nobody else will: its loop was stopped and had not started. From any thread. */
  void closeIfOver() {
    if (loop.state() == LoopThread.State.ENDED) close();
  }

  /**
   * Tries again later. With {@code AcceptLimits} it is they who wait, and nothing of accept comes
   * here.
   */
  @Override
  public void handleError(Throwable thrown) {
    if (accepting() && thrown instanceof OsException error) {
      pause(backOff.failed(this, error));
      return;
    }
    log("a listener failed", thrown);
    if (accepting()) pause(AcceptBackOff.LONGEST_NANOS);
  }

  private void pause(long nanos) {
    isWaiting = true;
    callLater(Duration.ofNanos(nanos), () -> isWaiting = false);
  }

  private void log(String what, Throwable thrown) {
    System.getLogger("org.asyncore")
        .log(System.Logger.Level.ERROR, OneLine.of(what + ": " + this), thrown);
  }
}
