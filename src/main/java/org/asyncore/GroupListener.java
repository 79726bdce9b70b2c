package org.asyncore;

import java.net.SocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.AsyncSocket;

/** Takes connections for a {@link LoopGroup}: each for the loop whose turn it is. */
final class GroupListener extends Dispatcher {
  private final LoopThread loop;
  private final Supplier<LoopThread> targets;
  private final BiFunction<AsyncSocket, SocketMap, ? extends Dispatcher> factory;

  /** Over a socket that listens; it is in the map, and complete, when this returns. */
  GroupListener(
      AsyncSocket socket,
      LoopThread loop,
      Supplier<LoopThread> targets,
      BiFunction<AsyncSocket, SocketMap, ? extends Dispatcher> factory) {
    super(loop.map());
    this.loop = loop;
    this.targets = targets;
    this.factory = factory;
    accepting(true);
    addr(socket.getsockname());
    setSocket(socket); // Last: from here on the loop's thread may call.
  }

  @Override
  public void handleAccepted(AsyncSocket socket, SocketAddress address) {
    LoopThread target = targets.get();
    if (target == loop || !handsOn(socket, target)) serve(socket, loop.map());
  }

  /** Says whether that loop takes it: it does not if it is stopping, before this one. */
  private boolean handsOn(AsyncSocket socket, LoopThread target) {
    if (target.isStopping()) return false;
    try {
      target.execute(() -> serve(socket, target.map()));
      return true;
    } catch (RejectedExecutionException ended) {
      return false;
    }
  }

  private void serve(AsyncSocket socket, SocketMap map) {
    try {
      if (factory.apply(socket, map) == null) {
        throw new IllegalStateException("the factory made no dispatcher");
      }
    } catch (Throwable thrown) {
      if (!LoopExit.leavesLoop(thrown)) log("a connection has no dispatcher", thrown);
      map.remove(socket.fileno());
      socket.close();
      if (LoopExit.leavesLoop(thrown)) throw thrown;
    }
  }

  /** Connections that are complete are served; whoever comes later is refused. */
  @Override
  public void handleStop() {
    if (!accepting()) return; // It has closed before.
    try {
      for (Accepted pair; (pair = accept()) != null; ) {
        handleAccepted(pair.socket(), pair.address());
      }
    } finally {
      close();
    }
  }

  /** Is told of a stop that may have come before its loop knew it. From any thread. */
  void stopIfLate() {
    if (!loop.isStopping()) return;
    try {
      loop.execute(() -> Asyncore.call(this, Callback.STOP, this::handleStop));
    } catch (RejectedExecutionException ended) {
      close();
    }
  }

  /** Closes if nobody else will: its loop was stopped and had not started. From any thread. */
  void closeIfOver() {
    if (loop.state() == LoopThread.State.ENDED) close();
  }

  /** A listener that many loops live from does not close because of one connection. */
  @Override
  public void handleError(Throwable thrown) {
    log("a listener failed", thrown);
  }

  private void log(String what, Throwable thrown) {
    System.getLogger("org.asyncore").log(System.Logger.Level.ERROR, what + ": " + this, thrown);
  }
}
