package org.asyncore.migrate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.fixture.NettyIo;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An open connection goes from a dispatcher to native handlers, and back. */
class MigrateToTest {
  private static final int LIMIT_MILLIS = 20_000;
  private static final int BYTE_COUNT = 200_000;
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final List<String> calls = new ArrayList<>();
  private final List<Channel> migrated = new ArrayList<>();
  private SocketMap map;
  private Server server;

  private void onTransport(String name) {
    NettyIo.named(name).assumeAvailable();
    map = new SocketMap(name);
  }

  @AfterEach
  void closeAll() throws InterruptedException {
    for (Channel channel : migrated) channel.close();
    if (map != null) Asyncore.closeAll(map, true);
  }

  private final class Server extends Dispatcher {
    private final DispatcherFactory factory;

    Server(DispatcherFactory factory) {
      super(MigrateToTest.this.map);
      this.factory = factory;
      createSocket();
      bind(ANY_PORT);
      listen(200);
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      factory.create(socket, MigrateToTest.this.map);
    }

    @Override
    public boolean writable() {
      return false;
    }
  }

  /** Echoes up to a number of bytes, then gives its connection away in the middle of a callback. */
  private class Echo extends DispatcherWithSend {
    private final int limit;
    private int seen;

    Echo(AsyncSocket socket, SocketMap map, int limit) {
      super(socket, map);
      this.limit = limit;
    }

    @Override
    public void handleRead() {
      byte[] data = recv(1000);
      seen += data.length;
      send(data);
      if (seen < limit || outBufferSize() > 0) return;
      Channel channel = DispatcherChannels.migrateTo(this, new NativeEcho());
      synchronized (migrated) {
        migrated.add(channel);
      }
      assertEquals(-1, fileno());
      assertEquals(-1, socket().fileno());
    }

    @Override
    public void handleClose() {
      close();
    }
  }

  private static final class NativeEcho extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.write(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      context.channel().config().setAutoRead(context.channel().isWritable());
    }
  }

  private static byte[] exchange(SocketAddress server, byte[] sent) {
    InetSocketAddress address = (InetSocketAddress) server;
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(LIMIT_MILLIS);
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(
              () -> {
                try {
                  socket.getOutputStream().write(sent);
                } catch (IOException failed) {
                  throw new AssertionError(failed);
                }
              });
      byte[] answer = socket.getInputStream().readNBytes(sent.length);
      writing.join();
      socket.shutdownOutput();
      assertEquals(-1, socket.getInputStream().read());
      return answer;
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  private static List<CompletableFuture<Void>> clients(SocketAddress server, int count) {
    List<CompletableFuture<Void>> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] sent = new byte[BYTE_COUNT];
      new Random(i).nextBytes(sent);
      clients.add(
          CompletableFuture.runAsync(
              () -> assertArrayEquals(sent, exchange(server, sent)),
              task -> new Thread(task).start()));
    }
    return clients;
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void connectionsUnderLoadLoseNothingAndRepeatNothing(String transport) throws Exception {
    onTransport(transport);
    int[] made = new int[1];
    server = new Server((socket, map) -> new Echo(socket, map, 1 + made[0]++ * 7919 % BYTE_COUNT));
    List<CompletableFuture<Void>> clients = clients(server.socket().getsockname(), 50);
    for (CompletableFuture<Void> client : clients) {
      Until.pass(map, client::isDone, "an echo across the hand-over", () -> calls);
      client.get();
    }
    assertEquals(50, migrated.size());
    assertEquals(List.of(server), map.values());
  }

  @Test
  void hostedConnectionsUnderLoadLoseNothingEither() throws Exception {
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    try {
      Channel listening =
          new ServerBootstrap()
              .group(group)
              .channel(NioServerSocketChannel.class)
              .childHandler(
                  DispatcherHandler.each((socket, map) -> new Echo(socket, map, BYTE_COUNT / 3)))
              .bind(ANY_PORT)
              .syncUninterruptibly()
              .channel();
      for (CompletableFuture<Void> client : clients(listening.localAddress(), 50)) {
        client.get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
      }
      assertEquals(50, migrated.size());
    } finally {
      group
          .shutdownGracefully(1, 5000, TimeUnit.MILLISECONDS)
          .awaitUninterruptibly(10, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void anAcceptedConnectionBecomesANativePipeline(String transport) throws Exception {
    onTransport(transport);
    server =
        new Server(
            (socket, map) -> {
              migrated.add(
                  DispatcherChannels.migrateTo(
                      socket,
                      new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                          channel.pipeline().addLast(new NativeEcho());
                        }
                      }));
              return null;
            });
    CompletableFuture<Void> client = clients(server.socket().getsockname(), 1).get(0);
    Until.pass(map, client::isDone, "an echo", () -> calls);
    client.get();
    assertEquals(List.of(server), map.values());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void bytesThatTheDispatcherHoldsComeFirst(String transport) throws Exception {
    onTransport(transport);
    server =
        new Server(
            (socket, map) ->
                new Echo(socket, map, BYTE_COUNT) {
                  @Override
                  public void handleRead() {
                    byte[] held = recv(1000);
                    migrated.add(DispatcherChannels.migrateTo(this, new NativeEcho(), held));
                  }
                });
    CompletableFuture<Void> client = clients(server.socket().getsockname(), 1).get(0);
    Until.pass(map, client::isDone, "an echo of all bytes", () -> calls);
    client.get();
  }

  /** Reads a line natively, then goes back to a dispatcher. */
  private final class Line extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      calls.add("native " + bytes.toString(US_ASCII));
      bytes.release();
      context.pipeline().remove(this);
      AsyncSocket socket = DispatcherChannels.adopt(map, context.channel());
      Echo echo = new Echo(socket, map, Integer.MAX_VALUE);
      assertTrue(echo.connected());
      echo.send("back".getBytes(US_ASCII));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void aNativeChannelBecomesADispatcherAgain(String transport) throws Exception {
    onTransport(transport);
    server =
        new Server(
            (socket, map) -> {
              DispatcherChannels.migrateTo(socket, new Line());
              return null;
            });
    CompletableFuture<String> client =
        CompletableFuture.supplyAsync(
            () -> {
              InetSocketAddress address = (InetSocketAddress) server.socket().getsockname();
              try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                socket.setSoTimeout(LIMIT_MILLIS);
                socket.getOutputStream().write("line".getBytes(US_ASCII));
                String answer = new String(socket.getInputStream().readNBytes(4), US_ASCII);
                socket.getOutputStream().write("echo".getBytes(US_ASCII));
                answer += " " + new String(socket.getInputStream().readNBytes(4), US_ASCII);
                socket.shutdownOutput();
                return answer + " " + socket.getInputStream().read();
              } catch (IOException failed) {
                throw new AssertionError(failed);
              }
            });
    Until.pass(map, client::isDone, "the dispatcher's echo", () -> calls);
    assertEquals("back echo -1", client.get());
    assertEquals(List.of("native line"), calls);
    Until.pass(map, () -> map.size() == 1, "the end of the dispatcher", () -> map);
  }

  // --- refused, and the connection is as it was ---

  @ParameterizedTest
  @CsvSource({"nio", "epoll"})
  void onAnotherThreadItIsRefused(String transport) throws Exception {
    onTransport(transport);
    Dispatcher[] echo = new Dispatcher[1];
    server = new Server((socket, map) -> echo[0] = new Echo(socket, map, Integer.MAX_VALUE));
    CompletableFuture<Void> client = clients(server.socket().getsockname(), 1).get(0);
    Until.pass(map, () -> echo[0] != null, "a connection", () -> calls);
    IllegalStateException refused =
        assertThrows(
            IllegalStateException.class,
            () -> DispatcherChannels.migrateTo(echo[0], new NativeEcho()));
    assertTrue(refused.getMessage().contains(Thread.currentThread().getName()));
    assertSame(echo[0], map.get(echo[0].fileno()));
    Until.pass(map, client::isDone, "an echo by the dispatcher", () -> calls);
    client.get();
  }

  @ParameterizedTest
  @CsvSource({"nio", "epoll"})
  void nullForWhatWasReceivedIsRefused(String transport) throws Exception {
    onTransport(transport);
    List<String> refused = new ArrayList<>();
    class Hasty extends Echo {
      Hasty(AsyncSocket socket, SocketMap map) {
        super(socket, map, Integer.MAX_VALUE);
      }

      @Override
      public void handleRead() {
        NullPointerException thrown =
            assertThrows(
                NullPointerException.class,
                () -> DispatcherChannels.migrateTo(this, new NativeEcho(), null));
        refused.add(thrown.getMessage());
        super.handleRead();
      }
    }
    server = new Server(Hasty::new);
    CompletableFuture<Void> client = clients(server.socket().getsockname(), 1).get(0);
    Until.pass(map, client::isDone, "an echo by the dispatcher", () -> calls);
    client.get();
    assertEquals("received is null", refused.get(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void aConnectionThatIsNotUpIsRefused(String transport) throws Exception {
    onTransport(transport);
    DispatcherChannels.eventLoopGroup(map)
        .submit(
            () -> {
              Dispatcher none = new Dispatcher(map);
              refuses(none);
              Dispatcher fresh = new Dispatcher(map);
              fresh.createSocket();
              refuses(fresh);
              fresh.connect(ANY_PORT.getAddress().getHostAddress(), 1);
              refuses(fresh);
              fresh.close();
              refuses(fresh);
              Server listening = new Server((socket, map) -> null);
              refuses(listening);
              assertTrue(listening.fileno() >= 0);
              listening.close();
            })
        .syncUninterruptibly();
  }

  private static void refuses(Dispatcher dispatcher) {
    int number = dispatcher.fileno();
    assertThrows(
        IllegalStateException.class,
        () -> DispatcherChannels.migrateTo(dispatcher, new NativeEcho()));
    assertEquals(number, dispatcher.fileno());
  }

  @Test
  void aChannelOfAnotherLoopIsNotAdopted() {
    onTransport("nio");
    EmbeddedChannel channel = new EmbeddedChannel();
    assertThrows(IllegalArgumentException.class, () -> DispatcherChannels.adopt(map, channel));
    assertTrue(channel.isOpen());
    channel.finishAndReleaseAll();
  }
}
