package org.asyncore.migrate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.NettyIo;
import org.asyncore.netty.HostedTransport;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Native channels and dispatchers in one loop. */
class NativeChannelsTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private SocketMap map;

  private void onTransport(String name) {
    NettyIo.named(name).assumeAvailable();
    map = new SocketMap(name);
  }

  /** Sends everything back; closes its server at the word of {@code quit}. */
  private static final class NativeEcho extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      boolean quits = ((ByteBuf) message).toString(US_ASCII).equals("quit");
      ChannelFuture sent = context.writeAndFlush(message);
      if (!quits) return;
      sent.addListener(done -> context.close());
      context.channel().parent().close();
    }
  }

  private Channel nativeServer() {
    return new ServerBootstrap()
        .group(DispatcherChannels.eventLoopGroup(map))
        .channel(DispatcherChannels.serverChannelClass(map, Family.INET))
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new NativeEcho());
              }
            })
        .bind(ANY_PORT)
        .syncUninterruptibly() // Nobody is inside loop() yet.
        .channel();
  }

  /** A dispatcher that listens, and its children, which do as NativeEcho does. */
  private final class EchoServer extends Dispatcher {
    EchoServer() {
      super(map);
      createSocket();
      bind(ANY_PORT);
      listen(5);
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      new Echo(socket, this);
    }
  }

  private final class Echo extends Dispatcher {
    private final Dispatcher server;

    Echo(AsyncSocket socket, Dispatcher server) {
      super(socket, NativeChannelsTest.this.map);
      this.server = server;
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      byte[] data = recv(100);
      send(data);
      if (!new String(data, US_ASCII).equals("quit")) return;
      close();
      server.close();
    }
  }

  private static CompletableFuture<String> ask(SocketAddress server, String... words) {
    return CompletableFuture.supplyAsync(
        () -> {
          StringBuilder answers = new StringBuilder();
          InetSocketAddress address = (InetSocketAddress) server;
          try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            for (String word : words) {
              socket.getOutputStream().write(word.getBytes(US_ASCII));
              byte[] answer = socket.getInputStream().readNBytes(word.length());
              answers.append(new String(answer, US_ASCII)).append(' ');
            }
            answers.append(socket.getInputStream().read());
          } catch (IOException failed) {
            answers.append(failed);
          }
          return answers.toString();
        });
  }

  private static <T> T within(Duration limit, Supplier<T> call) {
    return assertTimeoutPreemptively(limit, call::get);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void oneLoopServesBothAndEndsWithTheLast(String transport) throws Exception {
    onTransport(transport);
    DispatcherChannels.awaitChannels(map, true);
    EchoServer ours = new EchoServer();
    Channel theirs = nativeServer();
    CompletableFuture<String> answers =
        ask(ours.socket().getsockname(), "one", "two", "quit")
            .thenCompose(
                first ->
                    ask(theirs.localAddress(), "three", "quit")
                        .thenApply(second -> first + " | " + second));
    // The timeout of a pass is longer than the test may take: the last close has to end the wait.
    CompletableFuture<Void> loop = loopInAThread(Asyncore.FOREVER);
    loop.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertEquals("one two quit -1 | three quit -1", answers.get(1, TimeUnit.SECONDS));
    assertTrue(map.isEmpty());
  }

  private CompletableFuture<Void> loopInAThread(double timeoutSeconds) {
    return loopInAThread(timeoutSeconds, true);
  }

  private CompletableFuture<Void> loopInAThread(double timeoutSeconds, boolean usePoll) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                Asyncore.loop(timeoutSeconds, usePoll, map);
                done.complete(null);
              } catch (Throwable failed) {
                done.completeExceptionally(failed);
              }
            },
            "loop");
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void aLoopOfNativeChannelsAloneEndsWithThem(String transport) throws Exception {
    onTransport(transport);
    DispatcherChannels.awaitChannels(map, true);
    CompletableFuture<String> answer = ask(nativeServer().localAddress(), "quit");
    loopInAThread(Asyncore.FOREVER, false).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertEquals("quit -1", answer.get(1, TimeUnit.SECONDS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void aLoopDoesNotWaitForNativeChannelsUnlessAsked(String transport) throws Exception {
    onTransport(transport);
    Channel theirs = nativeServer();
    loopInAThread(30).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    assertTrue(theirs.isOpen());
    theirs.close().syncUninterruptibly();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void aDispatcherOverAnAcceptedChannelIsAskedByAPassThatWaits(String transport) throws Exception {
    onTransport(transport);
    DispatcherChannels.awaitChannels(map, true);
    EchoServer unused = new EchoServer();
    Channel theirs =
        new ServerBootstrap()
            .group(DispatcherChannels.eventLoopGroup(map))
            .channel(DispatcherChannels.serverChannelClass(map, Family.INET))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.parent().close();
                    new Echo(DispatcherChannels.adopt(map, channel), unused);
                  }
                })
            .bind(ANY_PORT)
            .syncUninterruptibly()
            .channel();
    CompletableFuture<Void> loop = loopInAThread(Asyncore.FOREVER);
    CompletableFuture<String> answers = ask(theirs.localAddress(), "one", "quit");
    assertEquals("one quit -1", answers.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
    loop.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void aNativeClientTalksToADispatcherInOneThread(String transport) throws Exception {
    onTransport(transport);
    EchoServer server = new EchoServer();
    List<String> got = new ArrayList<>();
    ChannelFuture connect =
        new Bootstrap()
            .group(DispatcherChannels.eventLoopGroup(map))
            .channel(DispatcherChannels.channelClass(map, Family.INET))
            .handler(
                new ChannelInboundHandlerAdapter() {
                  @Override
                  public void channelActive(ChannelHandlerContext context) {
                    context.writeAndFlush(
                        context.alloc().buffer().writeBytes("ping".getBytes(US_ASCII)));
                  }

                  @Override
                  public void channelRead(ChannelHandlerContext context, Object message) {
                    ByteBuf bytes = (ByteBuf) message;
                    got.add(bytes.toString(US_ASCII) + " on " + Thread.currentThread().getName());
                    bytes.release();
                  }
                })
            .connect(server.socket().getsockname());
    Until.pass(map, () -> !got.isEmpty(), "an answer to the native client", () -> connect);
    assertEquals(List.of("ping on " + Thread.currentThread().getName()), got);
    connect.channel().close();
    server.close();
    Asyncore.closeAll(map, false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void tasksAreRunByTheLoopAndWithoutOne(String transport) throws Exception {
    onTransport(transport);
    IoEventLoopGroup group = DispatcherChannels.eventLoopGroup(map);
    assertEquals(42, within(LIMIT, () -> group.submit(() -> 42).syncUninterruptibly().getNow()));
    EchoServer server = new EchoServer();
    CompletableFuture<Thread> scheduled = new CompletableFuture<>();
    group.schedule(() -> scheduled.complete(Thread.currentThread()), 20, TimeUnit.MILLISECONDS);
    Until.pass(map, scheduled::isDone, "a scheduled task", () -> map);
    assertSame(Thread.currentThread(), scheduled.get());
    server.close();
  }

  @Test
  void channelsAreThoseOfTheTransport() {
    onTransport("nio");
    EchoServer server = new EchoServer();
    assertEquals(
        DispatcherChannels.serverChannelClass(map, Family.INET),
        DispatcherChannels.channel(server).getClass());
    server.close();
    assertEquals(NioSocketChannel.class, DispatcherChannels.channelClass(map, Family.INET));
    if (!Epoll.isAvailable()) return;
    onTransport("epoll");
    assertEquals(EpollSocketChannel.class, DispatcherChannels.channelClass(map, Family.INET6));
    Dispatcher dispatcher = new Dispatcher(map);
    assertThrows(IllegalStateException.class, () -> DispatcherChannels.channel(dispatcher));
    dispatcher.createSocket();
    assertInstanceOf(EpollSocketChannel.class, DispatcherChannels.channel(dispatcher));
    dispatcher.close();
  }

  @Test
  void aMapWithoutALoopIsRefused() {
    SocketMap hosted = new SocketMap(new HostedTransport());
    assertThrows(IllegalArgumentException.class, () -> DispatcherChannels.eventLoopGroup(hosted));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void aNativeUdpChannelIsServedByTheSameLoop(String name) throws Exception {
    onTransport(name);
    CompletableFuture<String> heard = new CompletableFuture<>();
    Channel ear =
        new Bootstrap()
            .group(DispatcherChannels.eventLoopGroup(map))
            .channel(DispatcherChannels.datagramChannelClass(map))
            .handler(
                new SimpleChannelInboundHandler<DatagramPacket>() {
                  @Override
                  protected void channelRead0(
                      ChannelHandlerContext context, DatagramPacket packet) {
                    heard.complete(packet.content().toString(US_ASCII));
                  }
                })
            .bind(ANY_PORT)
            .syncUninterruptibly()
            .channel();
    try (DatagramSocket peer = new DatagramSocket()) {
      byte[] word = "hello".getBytes(US_ASCII);
      peer.send(new java.net.DatagramPacket(word, word.length, ear.localAddress()));
      map.keepRunning(true);
      Until.pass(map, heard::isDone, "a datagram", List::of);
      assertEquals("hello", heard.get());
    } finally {
      ear.close();
    }
  }
}
