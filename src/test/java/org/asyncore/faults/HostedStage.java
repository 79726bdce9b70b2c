package org.asyncore.faults;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.NettyIo;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.migrate.DispatcherHandler;
import org.asyncore.transport.AsyncSocket;

/**
 * An event loop of Netty's own, with a dispatcher in a pipeline: run by hand, on the peer's thread,
 * or by a thread of its own.
 */
final class HostedStage implements Stage {
  private final NettyIo io;
  private final Secrets secrets;
  private final Drive drive;
  private final List<Channel> open = new CopyOnWriteArrayList<>();

  /** What came out at the end of a pipeline, where nothing should. */
  private final AtomicReference<Throwable> escaped = new AtomicReference<>();

  HostedStage(NettyIo io, boolean hasThread, Secrets secrets) {
    this.io = io;
    this.secrets = secrets;
    IoHandlerFactory factory = io.handlers();
    drive = hasThread ? new Drive.ByThread(factory) : new Drive.ByHand(factory);
  }

  @Override
  public SocketMap map() {
    return null;
  }

  @Override
  public EventLoopGroup group() {
    return drive.loop();
  }

  @Override
  public int population() {
    open.removeIf(channel -> !channel.isOpen());
    return open.size();
  }

  @Override
  public void pass(boolean usePoll, long waitMillis, Runnable first) {
    drive.turn(waitMillis, first);
    Throwable thrown = escaped.getAndSet(null);
    if (thrown != null) throw new AssertionError("out of a dispatcher", thrown);
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
    subject.conduct().meddler.standIn(DispatcherChannels.channel(subject.dispatcher()));
    if (subject.dispatcher().connected()) subject.greet();
    return subject.dispatcher();
  }

  /** What a dispatcher lets out has nobody else to go to. */
  private final class Thrown extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (!(cause instanceof Conduct.Planned)) escaped.set(cause);
    }
  }

  @Override
  public void connect(Plan plan, SocketAddress address, Casting casting, Consumer<Subject> made) {
    ChannelFuture connect =
        new Bootstrap()
            .group(drive.loop())
            .channel(io.channel(plan.wire() == Plan.Wire.UNIX))
            .handler(initializer(plan, casting, made))
            .connect(io.address(address));
    while (!open.contains(connect.channel()) && connect.channel().isOpen()) drive.turn(0, () -> {});
  }

  @Override
  public SocketAddress listen(
      Plan plan, SocketAddress address, Casting casting, Consumer<Subject> made) {
    Channel[] server = new Channel[1];
    ChannelFuture bound =
        new ServerBootstrap()
            .group(drive.loop())
            .channel(io.serverChannel(plan.wire() == Plan.Wire.UNIX))
            .childHandler(
                initializer(
                    plan,
                    casting,
                    subject -> {
                      server[0].close();
                      made.accept(subject);
                    }))
            .bind(io.address(address));
    server[0] = bound.channel();
    open.add(server[0]);
    while (!bound.isDone()) drive.turn(0, () -> {});
    return server[0].localAddress() instanceof InetSocketAddress inet ? inet : address;
  }

  @Override
  public void clear() {
    for (Channel channel : open) channel.close();
    drive.turn(0, () -> {});
  }

  @Override
  public void close() {
    clear();
    drive.close();
  }
}
