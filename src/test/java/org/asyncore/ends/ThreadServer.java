package org.asyncore.ends;

import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BiFunction;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.LoopThread;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;

/** A loop on a thread of the library's. */
class ThreadServer extends Server {
  static final Duration LONG = Duration.ofSeconds(10);
  static final Duration MOMENT = Duration.ofMillis(2);
  final LoopThread loop;

  ThreadServer(StopPlan plan, BiFunction<AsyncSocket, SocketMap, Dispatcher> factory, Path folder) {
    super(plan, factory, folder);
    loop =
        new LoopThread("stop" + plan.seed(), new SocketMap(plan.transport()))
            .usePoll(plan.usePoll())
            .daemon(true);
  }

  @Override
  SocketAddress start() throws Exception {
    Door door = new Door(loop.map());
    loop.start();
    loop.execute(this::loopBegins);
    return door.socket().getsockname();
  }

  @Override
  void stop() throws Exception {
    switch (plan.end()) {
      case STOP -> loop.stop(Duration.ofMillis(plan.limitMillis()));
      case STOP_TWICE -> {
        loop.stop(LONG);
        loop.stop(Duration.ofMillis(plan.limitMillis()));
      }
      case CLOSE -> loop.close();
      case CLOSE_ALL -> {
        Asyncore.closeAll(loop.map(), true);
        loop.stop(Duration.ZERO);
      }
      case INTERRUPT -> loop.stop(Duration.ZERO);
    }
  }

  @Override
  boolean hasEnded() throws InterruptedException {
    return loop.join(MOMENT);
  }

  @Override
  int mostMillis() {
    return switch (plan.end()) {
      case STOP, STOP_TWICE -> plan.limitMillis();
      case CLOSE -> (int) LONG.toMillis();
      case CLOSE_ALL -> StopsTest.LINGER_MILLIS;
      case INTERRUPT -> 0;
    };
  }
}
