package org.asyncore.bench.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.handler.codec.LineBasedFrameDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.asyncore.fixture.NettyIo;
import org.asyncore.migrate.DispatcherFactory;
import org.asyncore.migrate.DispatcherHandler;

/** Netty's own loop, on the transport that the shim would take: with its own handlers the limit. */
final class NettyServer implements Server {
  private static final int LONGEST_LINE = 1 << 16;
  private static final int AS_IT_SEES_FIT = 0;

  private final Consumer<ChannelPipeline> handlers;
  private final NettyIo io;
  private final int readBytes;
  private final ServerTls tls = new ServerTls();

  /** A server whose connections get these handlers. */
  NettyServer(Consumer<ChannelPipeline> handlers) {
    this(handlers, likeShim(), AS_IT_SEES_FIT);
  }

  private NettyServer(Consumer<ChannelPipeline> handlers, NettyIo io, int readBytes) {
    this.handlers = handlers;
    this.io = io;
    this.readBytes = readBytes;
  }

  /** What the shim would take here: epoll or, where that is not, NIO. */
  private static NettyIo likeShim() {
    boolean isForced = "nio".equals(System.getProperty("org.asyncore.transport"));
    return Epoll.isAvailable() && !isForced ? NettyIo.EPOLL : NettyIo.NIO;
  }

  static NettyServer echo() {
    return new NettyServer(pipeline -> pipeline.addLast(new NettyEcho()));
  }

  static NettyServer arrays() {
    return new NettyServer(pipeline -> pipeline.addLast(new NettyBytesEcho()));
  }

  /** As an expert writes it. */
  static NettyServer lines() {
    return new NettyServer(pipeline -> pipeline.addLast(new NettyLineEcho()));
  }

  /** As Netty's user guide leads to. */
  static NettyServer codecLines() {
    return new NettyServer(
        pipeline ->
            pipeline.addLast(new LineBasedFrameDecoder(LONGEST_LINE), new NettyFrameEcho()));
  }

  /** A native server all of whose connections have a dispatcher at the end of their pipeline. */
  static NettyServer hosting(DispatcherFactory factory) {
    return new NettyServer(pipeline -> pipeline.addLast(new DispatcherHandler(factory)));
  }

  /** The same, but on the kernel's rings. */
  NettyServer onUring() {
    return new NettyServer(handlers, NettyIo.IO_URING, readBytes);
  }

  /** The same, but that each read takes so much at most, whatever comes. */
  NettyServer reading(int byteCount) {
    return new NettyServer(handlers, io, byteCount);
  }

  @Override
  public void serve(Control control) throws InterruptedException {
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, io.handlers());
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channel(io.serverChannel())
            .option(ChannelOption.SO_BACKLOG, Backlog.CONNECTIONS)
            .childHandler(new Pipeline());
    if (readBytes != AS_IT_SEES_FIT) {
      bootstrap.childOption(
          ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(readBytes));
    }
    Channel listening =
        bootstrap.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).sync().channel();
    control.listening(((InetSocketAddress) listening.localAddress()).getPort());
    listening.closeFuture().sync();
  }

  private final class Pipeline extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      if (tls.isOn()) channel.pipeline().addLast(tls.handler(channel.alloc()));
      handlers.accept(channel.pipeline());
    }
  }
}
