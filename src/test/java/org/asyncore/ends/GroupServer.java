package org.asyncore.ends;

import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BiFunction;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.LoopGroup;
import org.asyncore.LoopThread;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;

/** Two loops, which share one listening address. */
final class GroupServer extends Server {
  private final LoopGroup group;

  GroupServer(StopPlan plan, BiFunction<AsyncSocket, SocketMap, Dispatcher> factory, Path folder) {
    super(plan, factory, folder);
    group = new LoopGroup("stop" + plan.seed(), 2, () -> new SocketMap(plan.transport()));
    for (LoopThread each : group.loops()) each.usePoll(plan.usePoll()).daemon(true);
  }

  @Override
  SocketAddress start() {
    SocketAddress address = group.listen(anyAddress(), BACKLOG, this::make);
    group.start();
    for (LoopThread each : group.loops()) each.execute(this::loopBegins);
    return address;
  }

  @Override
  void stop() throws Exception {
    switch (plan.end()) {
      case STOP -> group.stop(Duration.ofMillis(plan.limitMillis()));
      case STOP_TWICE -> {
        group.stop(ThreadServer.LONG);
        group.stop(Duration.ofMillis(plan.limitMillis()));
      }
      case CLOSE -> group.close();
      case CLOSE_ALL -> {
        for (LoopThread each : group.loops()) Asyncore.closeAll(each.map(), true);
        group.stop(Duration.ZERO);
      }
      case INTERRUPT -> group.stop(Duration.ZERO);
    }
  }

  @Override
  boolean hasEnded() throws InterruptedException {
    return group.join(ThreadServer.MOMENT);
  }

  @Override
  int mostMillis() {
    return switch (plan.end()) {
      case STOP, STOP_TWICE -> plan.limitMillis();
      case CLOSE -> (int) ThreadServer.LONG.toMillis();
      case CLOSE_ALL -> 2 * StopsTest.LINGER_MILLIS; // One after the other.
      case INTERRUPT -> 0;
    };
  }
}
