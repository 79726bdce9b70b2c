package org.asyncore.netty;

import java.util.concurrent.TimeUnit;
import org.asyncore.internal.LoopPollster;
import org.asyncore.internal.LoopTransport;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Readiness;

/** What poll says of one socket, in the words of the compat traces: {@code in out err hup}. */
final class Levels {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final String[] NAMES = {"in", "pri", "out", "err", "hup", "nval"};

  private Levels() {}

  /** Asked for everything, without waiting. */
  static String of(AsyncSocket socket) {
    return of(socket, Readiness.IN | Readiness.PRI | Readiness.OUT, 0);
  }

  /** Asked for some events, without waiting. */
  static String of(AsyncSocket socket, int events) {
    return of(socket, events, 0);
  }

  /** Asked for everything, until the answer is this one. */
  static void await(String levels, AsyncSocket socket) {
    await(levels, socket, Readiness.IN | Readiness.PRI | Readiness.OUT);
  }

  static void await(String levels, AsyncSocket socket, int events) {
    long start = System.nanoTime();
    while (true) {
      String last = of(socket, events, WAIT_NANOS);
      if (last.equals(levels)) return;
      if (System.nanoTime() - start > LIMIT_NANOS) {
        throw new AssertionError("poll says '" + last + "', not '" + levels + "', after 10 s");
      }
    }
  }

  private static String of(AsyncSocket socket, int events, long waitNanos) {
    LoopTransport transport = LoopTransport.of(socket.transport());
    LoopPollster pollster = transport.pollster();
    try {
      transport.takeTurn();
      try {
        pollster.begin(true);
        pollster.register(0, socket, events);
        pollster.poll(waitNanos);
        return words(pollster.readyCount() == 0 ? 0 : pollster.events(0));
      } finally {
        pollster.done();
        transport.giveTurn();
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while looking at " + socket, e);
    }
  }

  static String words(int events) {
    StringBuilder words = new StringBuilder();
    for (int bit = 0; bit < NAMES.length; bit++) {
      if ((events & 1 << bit) != 0) words.append(words.length() > 0 ? " " : "").append(NAMES[bit]);
    }
    return words.toString();
  }
}
