package org.asyncore.ends;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.NettyIo;
import org.asyncore.transport.AsyncSocket;

/** A bootstrap on an event loop group of Netty's. */
final class HostedServer extends Server {
  private final EventLoopGroup group;
  private Hosting hosting;

  HostedServer(StopPlan plan, BiFunction<AsyncSocket, SocketMap, Dispatcher> factory, Path folder) {
    super(plan, factory, folder);
    group = new MultiThreadIoEventLoopGroup(1, io().handlers());
  }

  private NettyIo io() {
    return NettyIo.named(plan.transport());
  }

  @Override
  SocketAddress start() throws Exception {
    hosting = new Hosting(this, group);
    return hosting.bind(io().serverChannel(plan.isUnix()));
  }

  @Override
  void stop() throws Exception {
    hosting.close();
    switch (plan.end()) {
      case STOP, INTERRUPT -> {
        // Its end is the event loops' alone.
      }
      case STOP_TWICE, CLOSE -> {
        for (Dispatcher each : hosting.map()) each.close();
      }
      case CLOSE_ALL -> Asyncore.closeAll(hosting.map(), true);
    }
    group.shutdownGracefully(0, plan.limitMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  boolean hasEnded() throws InterruptedException {
    return group.awaitTermination(ThreadServer.MOMENT.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  void tidyUp() {
    for (Dispatcher each : hosting.map()) each.close();
  }

  @Override
  int mostMillis() {
    return Integer.MAX_VALUE; // Netty's to promise.
  }
}
