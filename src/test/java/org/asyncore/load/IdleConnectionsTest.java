package org.asyncore.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.migrate.Certificates;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.migrate.DispatcherHandler;
import org.asyncore.migrate.Tls;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Thousands of connections on one loop that have nothing to say: {@code -Dload.connections=10000}.
 */
class IdleConnectionsTest {
  private static final int CONNECTIONS = Integer.getInteger("load.connections", 1000);
  private static final long MOST_BYTES = 12 << 10;
  private static final long MOST_BYTES_WITH_TLS = 100 << 10;
  private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(4);

  private final SocketMap map = new SocketMap();

  /** Of those that are in no map of ours. */
  private int natives;

  /** How many clients have told by a byte that their handshake is done. */
  private int greeted;

  private int ended;

  /** Null where nobody speaks TLS. */
  private SslContext context;

  /** Null where the map has a listener. */
  private Channel door;

  enum Kind {
    DISPATCHER,
    DISPATCHER_WITH_SEND,
    ASYNC_CHAT,
    /** Each in a map of its own. */
    HOSTED,
    /** A handler of Netty's on the same loop. */
    NETTY,
    /** A dispatcher in the loop that speaks TLS. */
    TLS,
    /** As {@link #NETTY}, behind an SslHandler. */
    NETTY_TLS;

    private boolean isTls() {
      return this == TLS || this == NETTY_TLS;
    }

    private boolean isNative() {
      return this == HOSTED || this == NETTY || this == NETTY_TLS;
    }

    /** A handshake takes some milliseconds: of these there are fewer. */
    private int connections() {
      return isTls() ? CONNECTIONS / 10 : CONNECTIONS;
    }

    private long mostBytes() {
      return isTls() ? MOST_BYTES_WITH_TLS : MOST_BYTES;
    }
  }

  @AfterEach
  void closeAll() throws InterruptedException {
    Asyncore.closeAll(map, true);
  }

  private final class Listener extends Dispatcher {
    private final Kind kind;

    Listener(Kind kind) {
      super(IdleConnectionsTest.this.map);
      this.kind = kind;
      createSocket();
      bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      listen(1024);
    }

    private int port() {
      return ((InetSocketAddress) socket().getsockname()).getPort();
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      switch (kind) {
        case DISPATCHER -> new Plain(socket, map());
        case TLS -> Tls.start(new Plain(socket, map()), context);
        case DISPATCHER_WITH_SEND -> new WithSend(socket);
        case ASYNC_CHAT -> new Chat(socket);
        case HOSTED, NETTY, NETTY_TLS ->
            throw new AssertionError("have a door of Netty's: " + kind);
      }
    }
  }

  /** A door of Netty's, on the map's loop. */
  private int bind(Kind kind) {
    DispatcherChannels.awaitChannels(map, true);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(DispatcherChannels.eventLoopGroup(map))
            .channel(DispatcherChannels.serverChannelClass(map, Family.INET))
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    natives++;
                    channel.closeFuture().addListener(closed -> natives--);
                    ChannelPipeline pipeline = channel.pipeline();
                    if (kind.isTls()) {
                      pipeline.addLast(context.newHandler(channel.alloc()));
                    }
                    pipeline.addLast(
                        kind == Kind.HOSTED ? DispatcherHandler.each(Plain::new) : new Dropping());
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly();
    door = bound.channel();
    return ((InetSocketAddress) door.localAddress()).getPort();
  }

  private final class Dropping extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      greeted++;
      ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      ended++;
    }
  }

  private final class Plain extends Dispatcher {
    Plain(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      greeted += recv(8192).length;
    }

    @Override
    public void handleClose() {
      ended++;
      close();
    }
  }

  private final class WithSend extends DispatcherWithSend {
    WithSend(AsyncSocket socket) {
      super(socket, IdleConnectionsTest.this.map);
    }

    @Override
    public void handleRead() {
      recv(8192);
    }

    @Override
    public void handleClose() {
      ended++;
      close();
    }
  }

  private final class Chat extends AsyncChat {
    Chat(AsyncSocket socket) {
      super(socket, IdleConnectionsTest.this.map);
      setTerminator(new byte[] {'\n'});
    }

    @Override
    public void handleClose() {
      ended++;
      super.handleClose();
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void anIdleConnectionCostsLittle(Kind kind) throws Exception {
    int connections = kind.connections();
    Holdings.assumeDescriptors(connections);
    if (kind.isTls()) context = Certificates.LOCALHOST.server().build();
    int port = kind.isNative() ? bind(kind) : new Listener(kind).port();
    int doors = map.size();
    Memory before = Memory.used();
    try (Crowd crowd =
        kind.isTls() ? Crowd.ofTls(port, connections) : Crowd.at(port, connections)) {
      passUntil(() -> here(doors) == connections, "are there", crowd);
      if (kind.isTls()) passUntil(() -> greeted == connections, "have shaken hands", crowd);
      Memory cost = Memory.used().minus(before);
      System.out.printf(
          "%s: %d idle connections on %s, each %d bytes of heap and %d of direct memory%n",
          kind,
          connections,
          map.transport().name(),
          cost.heap() / connections,
          cost.direct() / connections);
      long each = cost.total() / connections;
      assertTrue(each < kind.mostBytes(), () -> "each costs " + each + " bytes: " + cost);
    }
    passUntil(() -> here(doors) == 0, "have left", null);
    if (door != null) door.close();
    assertEquals(connections, ended, "connections whose end was told");
  }

  private int here(int doors) {
    return map.size() + natives - doors;
  }

  private void passUntil(BooleanSupplier reached, String what, Crowd crowd)
      throws InterruptedException {
    long start = System.nanoTime();
    while (!reached.getAsBoolean()) {
      if (System.nanoTime() - start > LIMIT_NANOS || (crowd != null && !crowd.isAlive())) {
        throw new AssertionError("not all " + what + ": " + map + ", " + natives + ", " + greeted);
      }
      Asyncore.loop(0.01, true, map, 1);
    }
  }
}
