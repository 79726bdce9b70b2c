package org.asyncore.ends;

import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.function.BiFunction;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.AsyncSocket;

/** A bootstrap on the event loop of a map's. */
final class HostedOnLoopServer extends ThreadServer {
  HostedOnLoopServer(
      StopPlan plan, BiFunction<AsyncSocket, SocketMap, Dispatcher> factory, Path folder) {
    super(plan, factory, folder);
  }

  @Override
  SocketAddress start() throws Exception {
    loop.start();
    loop.execute(this::loopBegins);
    return new Hosting(this, DispatcherChannels.eventLoopGroup(loop.map()))
        .bind(DispatcherChannels.serverChannelClass(loop.map(), family()));
  }
}
