package org.asyncore.faults;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.migrate.DispatcherHandler;
import org.asyncore.transport.AsyncSocket;

/** An event loop of Netty's own, run by hand: a dispatcher in a pipeline, on the peer's thread. */
final class HostedStage implements Stage {
  private final boolean isEpoll;
  private final Secrets secrets;
  private final ManualIoEventLoop loop;
  private final List<Channel> open = new ArrayList<>();

  /** What came out at the end of a pipeline, where nothing should. */
  private Throwable escaped;

  HostedStage(String transport, Secrets secrets) {
    isEpoll = transport.equals("epoll");
    this.secrets = secrets;
    loop =
        new ManualIoEventLoop(
            Thread.currentThread(),
            isEpoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  @Override
  public SocketMap map() {
    return null;
  }

  @Override
  public int population() {
    open.removeIf(channel -> !channel.isOpen());
    return open.size();
  }

  @Override
  public void pass(boolean usePoll, long waitMillis) {
    if (waitMillis == 0) loop.runNow();
    else loop.run(TimeUnit.MILLISECONDS.toNanos(waitMillis));
    if (escaped == null) return;
    AssertionError error = new AssertionError("out of a dispatcher", escaped);
    escaped = null;
    throw error;
  }

  private ChannelInitializer<Channel> initializer(
      Plan plan, Casting casting, Consumer<Subject> made) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        open.add(channel);
        if (plan.host().isTls())
          channel.pipeline().addLast(secrets.handler(channel.alloc(), plan.isClient()));
        channel
            .pipeline()
            .addLast(DispatcherHandler.each((socket, map) -> cast(casting, made, socket, map)));
        channel.pipeline().addLast(new Thrown());
      }
    };
  }

  private static Dispatcher cast(
      Casting casting, Consumer<Subject> made, AsyncSocket socket, SocketMap map) {
    Subject subject = casting.over(socket, map);
    made.accept(subject);
    if (subject.dispatcher().connected()) subject.greet();
    return subject.dispatcher();
  }

  /** What a dispatcher lets out has nobody else to go to. */
  private final class Thrown extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (!(cause instanceof Conduct.Planned)) escaped = cause;
    }
  }

  @Override
  public void connect(Plan plan, SocketAddress address, Casting casting, Consumer<Subject> made) {
    new Bootstrap()
        .group(loop)
        .channel(channelClass(plan.wire() == Plan.Wire.UNIX))
        .handler(initializer(plan, casting, made))
        .connect(nativeAddress(address));
  }

  private Class<? extends Channel> channelClass(boolean isUnix) {
    if (isEpoll) return isUnix ? EpollDomainSocketChannel.class : EpollSocketChannel.class;
    return isUnix ? NioDomainSocketChannel.class : NioSocketChannel.class;
  }

  private Class<? extends ServerChannel> serverChannelClass(boolean isUnix) {
    if (isEpoll)
      return isUnix ? EpollServerDomainSocketChannel.class : EpollServerSocketChannel.class;
    return isUnix ? NioServerDomainSocketChannel.class : NioServerSocketChannel.class;
  }

  private SocketAddress nativeAddress(SocketAddress address) {
    if (!isEpoll || !(address instanceof UnixDomainSocketAddress unix)) return address;
    return new DomainSocketAddress(unix.getPath().toFile());
  }

  @Override
  public SocketAddress listen(
      Plan plan, SocketAddress address, Casting casting, Consumer<Subject> made) {
    Channel[] server = new Channel[1];
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channel(serverChannelClass(plan.wire() == Plan.Wire.UNIX))
            .childHandler(
                initializer(
                    plan,
                    casting,
                    subject -> {
                      server[0].close();
                      made.accept(subject);
                    }))
            .bind(nativeAddress(address));
    server[0] = bound.channel();
    open.add(server[0]);
    while (!bound.isDone()) loop.runNow();
    return server[0].localAddress() instanceof InetSocketAddress inet ? inet : address;
  }

  @Override
  public void clear() {
    for (Channel channel : open) channel.close();
    loop.runNow();
  }

  @Override
  public void close() {
    clear();
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    while (!loop.isTerminated()) loop.runNow();
  }
}
