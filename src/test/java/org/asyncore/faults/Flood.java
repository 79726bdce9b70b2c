package org.asyncore.faults;

import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.asyncore.SocketMap;

/** Work of a loop that begets more of it, beside a run. */
enum Flood {
  NONE,
  /** Netty's tasks. */
  TASKS,
  /** Netty's tasks, for a time that has come. */
  DUE_TASKS,
  /** {@code SocketMap.execute}. */
  COMMANDS,
  /** {@code callLater}, without a delay. */
  DUE_CALLS;

  /** How many there are in a pass of a loop that would otherwise run tasks without an end. */
  private static final int MOST_ON_NETTYS_OWN = 100;

  /** After so many passes it ends, as a run of thousands would take seconds. */
  private static final int MOST_PASSES = 200;

  boolean isOfAMap() {
    return this == COMMANDS || this == DUE_CALLS;
  }

  /** One that is under way. Its end may be told from any thread. */
  static final class Running implements AutoCloseable {
    private final Flood flood;
    private final SocketMap map;
    private final EventLoopGroup group;
    private volatile boolean isOver;
    private boolean hasBegun;
    private int passes;

    /** What is left of it until the next pass. */
    private int left;

    /**
     * Begins with the first pass.
     *
     * @param map null on an event loop of Netty's own
     */
    Running(Flood flood, SocketMap map, EventLoopGroup group) {
      this.flood = flood;
      this.map = map;
      this.group = group;
    }

    /** On the thread of the loop. */
    void beforePass() {
      boolean isEndless = map != null; // The library's loops see to that; Netty's own do not.
      if (++passes > MOST_PASSES) isOver = true; // In each it takes the share that is its own.
      if (flood == NONE || isOver || (hasBegun && isEndless) || left > 0) return;
      hasBegun = true;
      left = isEndless ? Integer.MAX_VALUE : MOST_ON_NETTYS_OWN;
      submit();
    }

    private void submit() {
      switch (flood) {
        case NONE -> {}
        case TASKS -> group.execute(this::again);
        case DUE_TASKS -> group.schedule(this::again, 0, TimeUnit.NANOSECONDS);
        case COMMANDS -> map.execute(this::again);
        case DUE_CALLS -> map.callLater(Duration.ZERO, this::again);
      }
    }

    private void again() {
      if (isOver) return;
      if (left != Integer.MAX_VALUE) left--;
      if (left > 0) submit();
    }

    @Override
    public void close() {
      isOver = true;
    }
  }
}
