package org.asyncore.strangers;

import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Consumer;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Shutdown;

/**
 * One side of a forwarder whose two sides are in two loops: what it receives it sends on the other
 * side's socket, from its own callback. What that did not take waits here, and is tried again by
 * the loop of the other side.
 */
final class Relay extends Dispatcher {
  private static final int PIECE = 16_384;
  private static final int MOST_WAITING = 4;

  private final Consumer<Throwable> failed;
  private Relay other;

  /** What is to go out here; guarded by itself, as both loops send. */
  private final Deque<byte[]> waiting = new ArrayDeque<>();

  /** All of the other side was heard. Guarded by {@link #waiting}. */
  private boolean otherEnded;

  private boolean outputEnded;
  private volatile boolean hasHeardAll;

  /** Whether it has a socket, and has begun to connect it. */
  private volatile boolean isOpen;

  private volatile boolean isBroken;

  Relay(AsyncSocket socket, SocketMap map, Consumer<Throwable> failed) {
    super(socket, map);
    this.failed = failed;
    isOpen = true;
  }

  Relay(SocketMap map, Consumer<Throwable> failed) {
    super(map);
    this.failed = failed;
  }

  void other(Relay other) {
    this.other = other;
  }

  /** On its own loop: another thread would have a pass find the socket before it connects. */
  void open(SocketAddress address) {
    if (isBroken) return;
    createSocket();
    connect(address);
    isOpen = true;
    other.interestChanged();
  }

  @Override
  public boolean readable() {
    return !hasHeardAll && other.isOpen && other.hasRoom();
  }

  private boolean hasRoom() {
    synchronized (waiting) {
      return waiting.size() < MOST_WAITING;
    }
  }

  @Override
  public boolean writable() {
    synchronized (waiting) {
      return connecting() || !waiting.isEmpty() || (otherEnded && !outputEnded);
    }
  }

  @Override
  public void handleConnect() {
    // What waits leaves in handleWrite.
  }

  @Override
  public void handleRead() {
    byte[] came = recv(PIECE);
    if (came.length > 0) other.give(came);
  }

  /** On the loop of the other side. */
  private void give(byte[] bytes) {
    synchronized (waiting) {
      waiting.add(bytes);
      if (!connecting()) sendWaiting();
      if (!waiting.isEmpty()) interestChanged();
    }
  }

  private void end() {
    synchronized (waiting) {
      otherEnded = true;
    }
    interestChanged();
  }

  @Override
  public void handleWrite() {
    synchronized (waiting) {
      sendWaiting();
      if (waiting.isEmpty() && otherEnded && !outputEnded) {
        outputEnded = true;
        socket().shutdown(Shutdown.WR);
      }
    }
    other.interestChanged();
    closeIfOver();
  }

  private void sendWaiting() {
    for (byte[] next; (next = waiting.poll()) != null; ) {
      int taken = send(next);
      if (taken == next.length) continue;
      waiting.addFirst(Arrays.copyOfRange(next, taken, next.length));
      return;
    }
  }

  private void closeIfOver() {
    if (hasHeardAll && outputEnded) close();
  }

  @Override
  public void handleClose() {
    if (hasHeardAll) { // Again: it is broken.
      breakOff();
      return;
    }
    hasHeardAll = true;
    other.end();
    closeIfOver();
  }

  @Override
  public void handleError(Throwable thrown) {
    if (!(thrown instanceof OsException)) failed.accept(thrown);
    breakOff();
  }

  private void breakOff() {
    isBroken = true;
    other.isBroken = true;
    close();
    other.close();
  }
}
