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
    if (target.state().compareTo(LoopThread.State.RUNNING) > 0) return false;
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
    for (Accepted pair; (pair = accept()) != null; ) handleAccepted(pair.socket(), pair.address());
    close();
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
