package org.asyncore.testkit;

import java.util.concurrent.locks.ReentrantLock;
import org.asyncore.internal.LoopPollster;
import org.asyncore.internal.LoopTransport;
import org.asyncore.transport.AsyncFile;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.Pipe;
import org.asyncore.transport.SocketType;
import org.jspecify.annotations.Nullable;

/**
 * Where the sockets of one map on a {@link MemoryNetwork} come from, and where its passes wait. One
 * thread at a time has its turn.
 */
final class MemoryTransport implements LoopTransport {
  private final MemoryNetwork network;
  private final ReentrantLock turn = new ReentrantLock(true);
  private @Nullable MemoryPollster asking;

  /** How many threads are inside an endless loop. */
  private volatile int staying;

  MemoryTransport(MemoryNetwork network) {
    this.network = network;
  }

  MemoryNetwork network() {
    return network;
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public AsyncSocket socket(Family family, SocketType type) {
    synchronized (network) {
      MemorySocket made =
          type == SocketType.STREAM
              ? new MemoryStream(network, this, family)
              : new MemoryDatagram(network, this, family);
      made.number(network.deal());
      return made;
    }
  }

  @Override
  public AsyncFile file(int descriptor) {
    return network.file(descriptor, this);
  }

  @Override
  public Pipe pipe() {
    return network.pipe(this);
  }

  @Override
  public LoopPollster pollster() {
    return new MemoryPollster(this);
  }

  /** Whether this pollster was the last one that a pass began with; it is from now on. */
  boolean asks(MemoryPollster pollster) {
    boolean stands = asking == pollster;
    asking = pollster;
    return stands;
  }

  /** How long until something is due by itself; {@link Long#MAX_VALUE} for never. */
  long untilDueNanos() {
    synchronized (network) {
      return asking == null ? network.untilNextNanos() : asking.untilDueNanos();
    }
  }

  @Override
  public long nanoTime() {
    return network.nanoTime();
  }

  @Override
  public void takeTurn() throws InterruptedException {
    turn.lockInterruptibly();
  }

  @Override
  public void giveTurn() {
    turn.unlock();
  }

  @Override
  public void stay(Stay stay) throws InterruptedException {
    synchronized (network) {
      staying++;
    }
    try {
      stay.passes();
    } finally {
      synchronized (network) {
        staying--;
      }
    }
  }

  @Override
  public boolean isServedElsewhere() {
    return (staying > 0 || turn.isLocked()) && !turn.isHeldByCurrentThread();
  }

  @Override
  public void wakeup() {
    network.wakeup();
  }

  @Override
  public void interestChanged(AsyncSocket socket) {
    network.wakeup();
  }

  @Override
  public String toString() {
    return name();
  }
}
