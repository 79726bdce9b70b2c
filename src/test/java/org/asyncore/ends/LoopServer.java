package org.asyncore.ends;

import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.function.BiFunction;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Other;
import org.asyncore.transport.AsyncSocket;

/** A thread of the program's own inside {@code loop()}, which closes what is left after it. */
final class LoopServer extends Server {
  private final SocketMap map;
  private Other<Void> looping;

  LoopServer(StopPlan plan, BiFunction<AsyncSocket, SocketMap, Dispatcher> factory, Path folder) {
    super(plan, factory, folder);
    map = new SocketMap(plan.transport());
  }

  @Override
  SocketAddress start() {
    SocketAddress address = new Door(map).socket().getsockname();
    looping = Other.thread("stop" + plan.seed(), this::loop);
    return address;
  }

  private Void loop() throws InterruptedException {
    loopBegins();
    try {
      Asyncore.loop(Asyncore.FOREVER, plan.usePoll(), map);
    } catch (InterruptedException asked) {
      // By the end of this run.
    }
    Asyncore.closeAll(map, true);
    return null;
  }

  @Override
  void stop() throws Exception {
    switch (plan.end()) {
      case STOP, STOP_TWICE -> map.stop();
      case CLOSE -> map.execute(() -> map.values().forEach(Dispatcher::handleStop));
      case CLOSE_ALL -> closeAll();
      case INTERRUPT -> looping.thread().interrupt();
    }
  }

  private void closeAll() throws InterruptedException {
    Asyncore.closeAll(map, true);
    map.wakeup(); // As in asyncore, a wait goes on.
  }

  @Override
  boolean hasEnded() throws InterruptedException {
    if (plan.end() == StopPlan.End.CLOSE_ALL)
      Asyncore.closeAll(map, true); // Of who came meanwhile.
    looping.thread().join(ThreadServer.MOMENT.toMillis());
    if (!looping.isDone()) return false;
    looping.result();
    return true;
  }

  @Override
  int mostMillis() {
    return switch (plan.end()) {
      case STOP, STOP_TWICE, CLOSE_ALL -> 2 * StopsTest.LINGER_MILLIS; // The loop's end, closeAll.
      case CLOSE -> Integer.MAX_VALUE; // As long as its peers take.
      case INTERRUPT -> StopsTest.LINGER_MILLIS;
    };
  }
}
