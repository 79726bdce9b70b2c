package org.asyncore.ends;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;

/** A bootstrap on an event loop group of Netty's. */
final class HostedServer extends Server {
  private final EventLoopGroup group;
  private Hosting hosting;

  HostedServer(StopPlan plan, BiFunction<AsyncSocket, SocketMap, Dispatcher> factory, Path folder) {
    super(plan, factory, folder);
    IoHandlerFactory handlers = isEpoll() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    group = new MultiThreadIoEventLoopGroup(1, handlers);
  }

  private boolean isEpoll() {
    return plan.transport().equals("epoll");
  }

  private Class<? extends ServerChannel> channelClass() {
    if (plan.isUnix()) {
      return isEpoll() ? EpollServerDomainSocketChannel.class : NioServerDomainSocketChannel.class;
    }
    return isEpoll() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  @Override
  SocketAddress start() throws Exception {
    hosting = new Hosting(this, group);
    return hosting.bind(channelClass());
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
