package org.asyncore.bench;

import java.util.Arrays;
import org.asyncore.internal.LoopPollster;
import org.asyncore.internal.LoopTransport;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.SocketType;

/** Sockets without a kernel: all of them are readable, always, up to a number of them. */
final class MemoryTransport implements LoopTransport {
  private final int readable;
  private int made;

  MemoryTransport(int readable) {
    this.readable = readable;
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public AsyncSocket socket(Family family, SocketType type) {
    return new MemorySocket(this, made++);
  }

  @Override
  public LoopPollster pollster() {
    return new FirstOnes();
  }

  /** Answers that the first sockets asked for can be read. */
  private final class FirstOnes implements LoopPollster {
    private int asked;
    private int[] interests = new int[1024];

    @Override
    public boolean begin(boolean hangUps) {
      asked = 0;
      return false;
    }

    @Override
    public void clear() {
      asked = 0;
      Arrays.fill(interests, 0);
    }

    @Override
    public void register(int index, AsyncSocket socket, int events) {
      asked++;
      interests[index] = events;
    }

    @Override
    public int interest(int index) {
      return interests[index];
    }

    @Override
    public void poll(long waitNanos) {
      // They are ready.
    }

    @Override
    public int readyCount() {
      return Math.min(asked, readable);
    }

    @Override
    public int index(int k) {
      return k;
    }

    @Override
    public int events(int k) {
      return Readiness.IN;
    }
  }
}
