package org.asyncore.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.NettyIo;
import org.asyncore.fixture.Wiring;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.migrate.DispatcherHandler;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A connection that a full listener keeps under way. */
class ConnectingTest {
  /** More than Linux lets into a backlog of 1. */
  private static final int CONNECTIONS = 6;

  private SocketMap map;

  @AfterEach
  void closeAll() throws InterruptedException {
    if (map != null) Asyncore.closeAll(map, true);
  }

  private Dispatcher connect(ServerSocket full, boolean hasPipeline) {
    Dispatcher dispatcher = new Dispatcher(map);
    dispatcher.createSocket();
    if (hasPipeline) DispatcherChannels.pipeline(dispatcher);
    dispatcher.connect(full.getLocalSocketAddress());
    return dispatcher;
  }

  @ParameterizedTest
  @CsvSource({"epoll, false", "epoll, true", "nio, false", "nio, true"})
  void itHasNoPeerBeforeItIsUp(String transport, boolean hasPipeline) throws Exception {
    new Wiring(transport, Family.INET, true).assumeAvailable();
    map = new SocketMap(transport);
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<Dispatcher> dispatchers = new ArrayList<>();
      while (dispatchers.size() < CONNECTIONS) dispatchers.add(connect(full, hasPipeline));
      AsyncSocket last = dispatchers.get(CONNECTIONS - 1).socket();
      assertEquals(Errno.ENOTCONN, assertThrows(OsException.class, last::getpeername).errno());
      AsyncSocket first = dispatchers.get(0).socket();
      Levels.await("out", first);
      InetSocketAddress address = (InetSocketAddress) full.getLocalSocketAddress();
      assertEquals(address, first.getpeername());
    }
  }

  /** What a handler in front may fire though it is not so. */
  enum Fired {
    ACTIVE,
    READ,
    READ_COMPLETE,
    WRITABILITY,
    REGISTERED;

    void into(ChannelPipeline pipeline) {
      switch (this) {
        case ACTIVE -> pipeline.fireChannelActive();
        case READ -> pipeline.fireChannelRead(Unpooled.copiedBuffer("?", US_ASCII));
        case READ_COMPLETE -> pipeline.fireChannelReadComplete();
        case WRITABILITY -> pipeline.fireChannelWritabilityChanged();
        case REGISTERED -> pipeline.fireChannelRegistered();
      }
    }
  }

  /** How a dispatcher comes to a channel that connects. */
  enum Way {
    IN_FRONT,
    ADOPTED,
    HOSTED
  }

  static Stream<Arguments> eventsThatAreNotTrue() {
    return Stream.of("epoll", "nio")
        .flatMap(
            transport ->
                Stream.of(Way.values())
                    .flatMap(
                        way ->
                            Stream.of(Fired.values())
                                .map(fired -> Arguments.of(transport, way, fired))));
  }

  private static final class Noted extends Dispatcher {
    private final List<String> calls = new CopyOnWriteArrayList<>();

    Noted(SocketMap map) {
      super(map);
    }

    Noted(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public void handleConnect() {
      calls.add("handleConnect");
    }

    @Override
    public void handleRead() {
      calls.add("handleRead");
    }

    @Override
    public void handleWrite() {
      calls.add("handleWrite");
    }

    @Override
    public void handleError(Throwable thrown) {
      calls.add("handleError " + thrown);
    }

    @Override
    public void handleClose() {
      calls.add("handleClose");
      close();
    }
  }

  /** While it connects, nothing that a handler fires makes it connected, or has it called. */
  @ParameterizedTest
  @MethodSource("eventsThatAreNotTrue")
  void anEventThatIsNotTrueIsNotBelieved(String transport, Way way, Fired fired) throws Exception {
    new Wiring(transport, Family.INET, true).assumeAvailable();
    map = new SocketMap(transport);
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < CONNECTIONS; i++) connect(full, false);
      List<Dispatcher> others = map.values();
      if (way == Way.HOSTED) {
        fireAtHosted(transport, full, fired);
        return;
      }
      Noted noted = connecting(full, way);
      for (Dispatcher other : others) map.remove(other.fileno());
      DispatcherChannels.pipeline(noted);
      fired.into(DispatcherChannels.pipeline(noted));
      for (boolean usePoll : new boolean[] {false, true}) Asyncore.loop(0, usePoll, map, 5);
      assertEquals(List.of(), noted.calls);
      assertFalse(noted.connected());
      for (Dispatcher other : others) other.close();
    }
  }

  private static void fireAtHosted(String transport, ServerSocket full, Fired fired)
      throws InterruptedException {
    NettyIo io = NettyIo.named(transport);
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, io.handlers());
    try {
      Noted[] made = new Noted[1];
      Channel channel =
          new Bootstrap()
              .group(group)
              .channel(io.channel())
              .handler(DispatcherHandler.each((socket, its) -> made[0] = new Noted(socket, its)))
              .connect(full.getLocalSocketAddress())
              .channel();
      channel.eventLoop().submit(() -> fired.into(channel.pipeline())).sync();
      for (int i = 0; i < 5; i++) channel.eventLoop().submit(() -> {}).sync();
      assertEquals(List.of(), made[0].calls);
      assertFalse(made[0].connected());
      channel.close().sync();
    } finally {
      group.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
    }
  }

  private Noted connecting(ServerSocket full, Way way) throws Exception {
    if (way == Way.IN_FRONT) {
      Noted noted = new Noted(map);
      noted.createSocket();
      DispatcherChannels.pipeline(noted);
      noted.connect(full.getLocalSocketAddress());
      return noted;
    }
    Channel channel =
        new Bootstrap()
            .group(DispatcherChannels.eventLoopGroup(map))
            .channel(DispatcherChannels.channelClass(map, Family.INET))
            .handler(new ChannelInboundHandlerAdapter())
            .connect(full.getLocalSocketAddress())
            .channel();
    return DispatcherChannels.eventLoopGroup(map)
        .submit(() -> new Noted(DispatcherChannels.adopt(map, channel), map))
        .get(10, TimeUnit.SECONDS);
  }
}
