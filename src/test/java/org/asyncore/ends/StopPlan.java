package org.asyncore.ends;

import io.netty.channel.epoll.Epoll;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One server, its peers, and how and when it comes to its end: drawn from a seed.
 *
 * @param usePoll poll's order of events instead of select's
 * @param narrow small buffers in the kernel, so that much waits on our side
 * @param limitMillis how long the end may take
 * @param instantMicros when it begins, after the peers
 */
record StopPlan(
    long seed,
    String transport,
    boolean usePoll,
    Host host,
    End end,
    Front front,
    boolean isUnix,
    boolean narrow,
    int limitMillis,
    int instantMicros,
    List<Visit> visits) {
  private static final int MOST_PEERS = 4;
  private static final int LATEST_MICROS = 40_000;
  private static final int LONGEST_ANSWER = 600_000;
  private static final int[] LIMITS_MILLIS = {0, 1, 20, 100, 300};

  /** Who serves the connections. */
  enum Host {
    /** A {@code LoopThread}. */
    THREAD,
    /** A {@code LoopGroup} of two. */
    GROUP,
    /** A thread of the program's own, inside {@code loop()}. */
    LOOP,
    /** Pipelines on the event loop of a {@code LoopThread}. */
    HOSTED_ON_LOOP,
    /** Pipelines on an event loop group of Netty's. */
    HOSTED;

    boolean isHosted() {
      return this == HOSTED_ON_LOOP || this == HOSTED;
    }
  }

  /** How the end is brought about. */
  enum End {
    /** {@code stop(limit)}; of a {@code loop()}, {@code map.stop()} and then {@code closeAll}. */
    STOP,
    /** A long one first, which the other one shortens. */
    STOP_TWICE,
    /** {@code close()}, which has ten seconds. */
    CLOSE,
    /** {@code closeAll} on another thread, then no time at all. */
    CLOSE_ALL,
    /** An interrupt; a {@code LoopThread} has none from outside, and is stopped with no time. */
    INTERRUPT
  }

  /** What stands in front of a dispatcher. */
  enum Front {
    NOTHING,
    HANDLER,
    TIMEOUT,
    TLS
  }

  /** How a peer reads. */
  enum Manner {
    HONEST,
    SLOW,
    /** Nothing, until the server has ended. */
    DEAD
  }

  /** What a dispatcher does when it is told of the stop. */
  enum Farewell {
    CLOSES,
    FINISHES,
    STAYS
  }

  /**
   * A peer.
   *
   * @param halfCloses it ends its stream behind the question
   * @param isSentByWorker another thread of the server sends the answer
   */
  record Visit(
      Manner manner,
      boolean halfCloses,
      boolean isSentByWorker,
      int answerBytes,
      Farewell farewell) {}

  static StopPlan of(long seed) {
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    Host host = one(random, Host.values());
    End end = one(random, End.values());
    Front front = one(random, Front.values());
    List<Visit> visits = new ArrayList<>();
    for (int left = 1 + random.nextInt(MOST_PEERS); left > 0; left--) {
      visits.add(visit(random, host, end));
    }
    return new StopPlan(
        seed,
        random.nextBoolean() && Epoll.isAvailable() ? "epoll" : "nio",
        random.nextBoolean(),
        host,
        end,
        front,
        random.nextInt(4) == 0 && front != Front.TLS, // The JDK's TLS knows no Unix sockets.
        random.nextInt(3) > 0,
        LIMITS_MILLIS[random.nextInt(LIMITS_MILLIS.length)],
        random.nextInt(LATEST_MICROS),
        List.copyOf(visits));
  }

  private static Visit visit(Random random, Host host, End end) {
    Manner manner = one(random, Manner.values());
    if (end == End.CLOSE && manner == Manner.DEAD) manner = Manner.SLOW; // Else it takes 10 s.
    Farewell farewell = one(random, Farewell.values());
    if (end == End.CLOSE && farewell == Farewell.STAYS) farewell = Farewell.FINISHES;
    return new Visit(
        manner,
        random.nextInt(4) == 0,
        !host.isHosted() && random.nextInt(4) == 0,
        random.nextInt(1 + random.nextInt(LONGEST_ANSWER)),
        farewell);
  }

  private static <T> T one(Random random, T[] values) {
    return values[random.nextInt(values.length)];
  }
}
