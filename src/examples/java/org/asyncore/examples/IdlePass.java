package org.asyncore.examples;

import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;

/** What a pass costs in which nothing happens: src/examples/python/idle_pass.py, line for line. */
final class IdlePass {
  private static final int ROUNDS = 5;
  private static final double ROUND_SECONDS = 0.2;

  private IdlePass() {}

  static void measure(int channelCount) throws InterruptedException {
    SocketMap map = new SocketMap();
    for (int i = 0; i < channelCount; i++) listener(map);
    System.out.println(channelCount + " idle channels, " + map.transport().name());
    System.out.println("select order: " + best(map, false) + " ns a pass");
    System.out.println("poll order:   " + best(map, true) + " ns a pass");
    Asyncore.closeAll(map, false);
  }

  private static void listener(SocketMap map) {
    Dispatcher listener = new Dispatcher(map);
    listener.createSocket();
    listener.setReuseAddr();
    listener.bind("127.0.0.1", 0);
    listener.listen(1);
  }

  private static long best(SocketMap map, boolean usePoll) throws InterruptedException {
    long best = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long passes = 0;
      long start = System.nanoTime();
      long elapsed = 0;
      while (elapsed < ROUND_SECONDS * 1e9) {
        for (int i = 0; i < 100; i++) Asyncore.loop(0, usePoll, map, 1);
        passes += 100;
        elapsed = System.nanoTime() - start;
      }
      best = Math.min(best, elapsed / passes);
    }
    return best;
  }
}
