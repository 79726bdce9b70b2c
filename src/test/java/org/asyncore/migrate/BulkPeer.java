package org.asyncore.migrate;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Other people's TLS, which sends some bytes and takes as many at the same time. */
enum BulkPeer {
  /** The JDK's own sockets, with TLS 1.2. */
  JDK {
    @Override
    byte[] exchange(InetSocketAddress address, byte[] sent) throws Exception {
      Socket plain = new Socket(address.getAddress(), address.getPort());
      plain.setSoTimeout(TlsWorld.LIMIT_MILLIS);
      try (SSLSocket socket =
          (SSLSocket)
              Certificates.trusting()
                  .getSocketFactory()
                  .createSocket(plain, "localhost", plain.getPort(), true)) {
        socket.setEnabledProtocols(new String[] {"TLSv1.2"});
        return pump(socket.getInputStream(), socket.getOutputStream(), sent);
      }
    }

    @Override
    Serving serve(byte[] sent) throws Exception {
      JdkSslContext context = (JdkSslContext) Certificates.LOCALHOST.server().build();
      SSLServerSocket listening =
          (SSLServerSocket)
              context
                  .context()
                  .getServerSocketFactory()
                  .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
      CompletableFuture<byte[]> got =
          TlsWorld.start(
              () -> {
                try (Socket socket = listening.accept()) {
                  socket.setSoTimeout(TlsWorld.LIMIT_MILLIS);
                  return pump(socket.getInputStream(), socket.getOutputStream(), sent);
                }
              });
      return new Serving(
          (InetSocketAddress) listening.getLocalSocketAddress(), got, listening::close);
    }
  },

  /** Netty's SslHandler over the JDK's engine, with what both prefer. */
  NETTY {
    @Override
    byte[] exchange(InetSocketAddress address, byte[] sent) throws Exception {
      SslContext context = Certificates.client().build();
      MultiThreadIoEventLoopGroup group = group();
      Exchange exchange = new Exchange(sent);
      try {
        new Bootstrap()
            .group(group)
            .channel(NioSocketChannel.class)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(context.newHandler(channel.alloc(), "localhost", 1), exchange);
                  }
                })
            .connect(address);
        byte[] got = exchange.got.get(TlsWorld.LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        exchange.channel.close().syncUninterruptibly();
        return got;
      } finally {
        stop(group);
      }
    }

    @Override
    Serving serve(byte[] sent) throws Exception {
      SslContext context = Certificates.LOCALHOST.server().build();
      MultiThreadIoEventLoopGroup group = group();
      Exchange exchange = new Exchange(sent);
      Channel listening =
          new ServerBootstrap()
              .group(group)
              .channel(NioServerSocketChannel.class)
              .childHandler(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      channel.pipeline().addLast(context.newHandler(channel.alloc()), exchange);
                    }
                  })
              .bind(InetAddress.getLoopbackAddress(), 0)
              .syncUninterruptibly()
              .channel();
      return new Serving(
          (InetSocketAddress) listening.localAddress(), exchange.got, () -> stop(group));
    }
  },

  /** The openssl command, with TLS 1.3. */
  OPENSSL {
    @Override
    void assumeAvailable() {
      OpenSsl.assumeInstalled();
    }

    @Override
    byte[] exchange(InetSocketAddress address, byte[] sent) throws Exception {
      try (OpenSsl client = OpenSsl.client(address, "-quiet")) {
        return pump(client.output(), client.input(), sent); // Its input open: that ends it.
      }
    }

    @Override
    Serving serve(byte[] sent) throws Exception {
      InetSocketAddress address = OpenSsl.freeAddress();
      OpenSsl server = OpenSsl.server(address, Certificates.LOCALHOST);
      OpenSsl.awaitListening(server, address);
      CompletableFuture<byte[]> got =
          TlsWorld.start(() -> pump(server.output(), server.input(), sent));
      return new Serving(address, got, server::close);
    }
  };

  void assumeAvailable() {
    // As a rule it is.
  }

  /** Talks to a server; returns as many bytes as it sent. */
  abstract byte[] exchange(InetSocketAddress address, byte[] sent) throws Exception;

  /** Serves one client. */
  abstract Serving serve(byte[] sent) throws Exception;

  /** A server at work; {@code got} is as much of its client's bytes as it sent. */
  record Serving(InetSocketAddress address, CompletableFuture<byte[]> got, Stopping stopping)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      stopping.stop();
    }
  }

  /** Ends a server. */
  interface Stopping {
    void stop() throws IOException;
  }

  static byte[] pump(InputStream in, OutputStream out, byte[] sent) throws Exception {
    CompletableFuture<Void> sending =
        TlsWorld.start(
            () -> {
              out.write(sent);
              out.flush();
              return null;
            });
    byte[] got = in.readNBytes(sent.length);
    sending.get(TlsWorld.LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    return got;
  }

  private static MultiThreadIoEventLoopGroup group() {
    return new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  }

  private static void stop(MultiThreadIoEventLoopGroup group) {
    group
        .shutdownGracefully(1, 5000, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(10, TimeUnit.SECONDS);
  }

  /** Sends when the handshake is done, and collects. */
  private static final class Exchange extends ChannelInboundHandlerAdapter {
    private final byte[] sent;
    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> got = new CompletableFuture<>();
    private volatile Channel channel;

    Exchange(byte[] sent) {
      this.sent = sent;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (!(event instanceof SslHandshakeCompletionEvent done)) return;
      channel = context.channel();
      if (done.isSuccess()) context.writeAndFlush(Unpooled.wrappedBuffer(sent));
      else got.completeExceptionally(done.cause());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
      ByteBuf bytes = (ByteBuf) message;
      bytes.readBytes(collected, bytes.readableBytes());
      bytes.release();
      if (collected.size() >= sent.length) got.complete(collected.toByteArray());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      got.completeExceptionally(new IOException("closed after " + collected.size() + " bytes"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      got.completeExceptionally(cause);
    }
  }
}
