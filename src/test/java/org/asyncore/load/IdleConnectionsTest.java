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
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.migrate.DispatcherHandler;
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
  private static final long MOST_BYTES_EACH = 12 << 10;
  private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(4);

  private final SocketMap map = new SocketMap();

  /** Of those that are in no map of ours. */
  private int natives;

  private int ended;

  /** Null where the map has a listener. */
  private Channel door;

  enum Kind {
    DISPATCHER,
    DISPATCHER_WITH_SEND,
    ASYNC_CHAT,
    /** Each in a map of its own. */
    HOSTED,
    /** A handler of Netty's on the same loop. */
    NETTY
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
        case DISPATCHER_WITH_SEND -> new WithSend(socket);
        case ASYNC_CHAT -> new Chat(socket);
        case HOSTED, NETTY -> throw new AssertionError("have a door of Netty's: " + kind);
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
                    channel
                        .pipeline()
                        .addLast(
                            kind == Kind.NETTY
                                ? new Dropping()
                                : DispatcherHandler.each(Plain::new));
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
      recv(8192);
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
  void anIdleConnectionCostsLessThan12KiB(Kind kind) throws Exception {
    Holdings.assumeDescriptors(CONNECTIONS);
    boolean isNative = kind == Kind.HOSTED || kind == Kind.NETTY;
    int port = isNative ? bind(kind) : new Listener(kind).port();
    int doors = map.size();
    Memory before = Memory.used();
    try (Crowd crowd = Crowd.at(port, CONNECTIONS)) {
      passUntil(CONNECTIONS + doors, crowd);
      Memory cost = Memory.used().minus(before);
      System.out.printf(
          "%s: %d idle connections on %s, each %d bytes of heap and %d of direct memory%n",
          kind,
          CONNECTIONS,
          map.transport().name(),
          cost.heap() / CONNECTIONS,
          cost.direct() / CONNECTIONS);
      long each = cost.total() / CONNECTIONS;
      assertTrue(each < MOST_BYTES_EACH, () -> "each costs " + each + " bytes: " + cost);
    }
    passUntil(doors, null);
    if (door != null) door.close();
    assertEquals(CONNECTIONS, ended, "connections whose end was told");
  }

  private void passUntil(int size, Crowd crowd) throws InterruptedException {
    long start = System.nanoTime();
    while (map.size() + natives != size) {
      if (System.nanoTime() - start > LIMIT_NANOS || (crowd != null && !crowd.isAlive())) {
        throw new AssertionError(map.size() + natives + " are there, not " + size);
      }
      Asyncore.loop(0.01, true, map, 1);
    }
  }
}
