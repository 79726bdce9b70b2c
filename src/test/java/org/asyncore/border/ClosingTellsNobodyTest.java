package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.FileDispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.Wiring;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.migrate.DispatcherHandler;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.Pipe;
import org.asyncore.transport.SocketType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code close()} runs nobody else's callback or handler, whatever has come for them meanwhile; and
 * all of it is told afterwards.
 */
class ClosingTellsNobodyTest {
  private static final long LIMIT_NANOS = 10_000_000_000L;

  private final List<AutoCloseable> opened = new ArrayList<>();

  /** Who was told of something, and, if that was so, that it was inside a close. */
  private final List<String> told = new ArrayList<>();

  private SocketMap map;
  private boolean usePoll;
  private boolean isClosing;

  /** What is closed. */
  enum Closed {
    STREAM,
    LISTENER,
    DATAGRAM,
    FILE
  }

  private record Case(Wiring wiring, Closed closed) {}

  static Stream<Case> all() {
    return Wiring.inet()
        .flatMap(wiring -> Stream.of(Closed.values()).map(closed -> new Case(wiring, closed)));
  }

  private void open(Wiring wiring) {
    wiring.assumeAvailable();
    map = new SocketMap(wiring.transport());
    usePoll = wiring.usePoll();
    map.keepRunning(true);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) each.close();
    if (map != null) Asyncore.closeAll(map, true);
  }

  private <T extends AutoCloseable> T closeLater(T resource) {
    opened.add(resource);
    return resource;
  }

  private void tell(String who) {
    told.add(isClosing ? who + " inside close()" : who);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private void pass() {
    Passes.one(map, usePoll);
  }

  /** Runs passes, also with nothing in the map but native channels. */
  private void until(String... expected) {
    List<String> all = List.of(expected);
    long start = System.nanoTime();
    while (!told.containsAll(all)) {
      if (System.nanoTime() - start > LIMIT_NANOS) {
        throw new AssertionError("not all of " + all + " after 10 s; so far: " + told);
      }
      Passes.loop(0.01, usePoll, map, 1);
    }
  }

  /** Tells of bytes, and takes them. */
  private final class Reader extends Dispatcher {
    private final String name;

    Reader(String name, AsyncSocket socket, SocketMap map) {
      super(socket, map);
      this.name = name;
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      if (recv(9).length > 0) tell(name);
    }

    @Override
    public void handleClose() {
      close();
    }
  }

  private final class NativeReader extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ((ByteBuf) message).release();
      tell("native");
    }
  }

  /** Who else is in the loop, and how something comes for each of them. */
  private final class Others {
    private final Socket toNative = connectedTo(nativeServer());
    private final Socket toHosted = connectedTo(hostedServer());
    private final Channel accepting = acceptingServer();
    private final ServerSocket door = closeLater(new ServerSocket(0, 5, anyPort().getAddress()));

    Others() throws IOException {} // Its fields open sockets.

    private Channel nativeServer() {
      return server(
          new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
              channel.pipeline().addLast(new NativeReader());
            }
          });
    }

    private Channel hostedServer() {
      return server(
          DispatcherHandler.each((socket, hosted) -> new Reader("hosted", socket, hosted)));
    }

    private Channel acceptingServer() {
      return server(
          new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
              tell("accepted");
            }
          });
    }

    private Channel server(ChannelHandler child) {
      return new ServerBootstrap()
          .group(DispatcherChannels.eventLoopGroup(map))
          .channel(DispatcherChannels.serverChannelClass(map, Family.INET))
          .childHandler(child)
          .bind(anyPort())
          .syncUninterruptibly() // Nobody is inside loop() yet.
          .channel();
    }

    private Socket connectedTo(Channel server) throws IOException {
      InetSocketAddress address = (InetSocketAddress) server.localAddress();
      return closeLater(new Socket(address.getAddress(), address.getPort()));
    }

    void act() throws IOException {
      new Bootstrap()
          .group(DispatcherChannels.eventLoopGroup(map))
          .channel(DispatcherChannels.channelClass(map, Family.INET))
          .handler(new ChannelInboundHandlerAdapter())
          .connect(door.getLocalSocketAddress())
          .addListener(done -> tell("connected"));
      toNative.getOutputStream().write(1);
      toHosted.getOutputStream().write(1);
      connectedTo(accepting);
    }
  }

  /** What is to be closed, with something to wake it. */
  private Dispatcher victim(Closed kind, Runnable onRead) throws IOException {
    return switch (kind) {
      case STREAM -> streamVictim(onRead);
      case LISTENER, DATAGRAM -> socketVictim(kind, onRead);
      case FILE -> fileVictim(onRead);
    };
  }

  private Dispatcher streamVictim(Runnable onRead) throws IOException {
    ServerSocket door = closeLater(new ServerSocket(0, 5, anyPort().getAddress()));
    Dispatcher victim = new Victim(onRead);
    victim.createSocket();
    victim.connect(door.getLocalSocketAddress());
    closeLater(door.accept()).getOutputStream().write(1);
    return victim;
  }

  private Dispatcher socketVictim(Closed kind, Runnable onRead) throws IOException {
    Dispatcher victim = new Victim(onRead);
    victim.createSocket(
        Family.INET, kind == Closed.LISTENER ? SocketType.STREAM : SocketType.DGRAM);
    victim.bind(anyPort());
    InetSocketAddress address = (InetSocketAddress) victim.socket().getsockname();
    if (kind == Closed.LISTENER) {
      victim.listen(5);
      closeLater(new Socket(address.getAddress(), address.getPort()));
    } else {
      closeLater(new DatagramSocket()).send(new DatagramPacket(new byte[1], 1, address));
    }
    return victim;
  }

  private Dispatcher fileVictim(Runnable onRead) {
    Pipe pipe = map.transport().pipe();
    Dispatcher victim =
        new FileDispatcher(pipe.reader().fileno(), map) {
          @Override
          public void handleRead() {
            onRead.run();
          }

          @Override
          public boolean writable() {
            return false;
          }
        };
    pipe.reader().close();
    pipe.writer().write(ByteBuffer.wrap(new byte[1]));
    closeLater(pipe.writer());
    return victim;
  }

  private final class Victim extends Dispatcher {
    private final Runnable onRead;

    Victim(Runnable onRead) {
      super(map);
      this.onRead = onRead;
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      onRead.run();
    }

    @Override
    public void handleAccept() {
      onRead.run();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void inACallback(Case tried) throws IOException {
    open(tried.wiring());
    Others others = new Others();
    pass();
    pass();
    told.clear();
    Dispatcher[] victim = new Dispatcher[1];
    victim[0] = victim(tried.closed(), () -> closeWithNews(victim[0], others));
    until("closed", "native", "hosted", "accepted", "connected");
    assertEquals(List.of(), told.stream().filter(line -> line.contains("inside")).toList());
    assertEquals(5, told.size(), told::toString);
  }

  private void closeWithNews(Dispatcher victim, Others others) {
    try {
      others.act();
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
    isClosing = true;
    victim.close();
    isClosing = false;
    tell("closed");
  }

  @ParameterizedTest
  @MethodSource("all")
  void inANativeHandlerWhileTheLoopWaits(Case tried) throws IOException {
    open(tried.wiring());
    Others others = new Others();
    Dispatcher victim = victim(tried.closed(), () -> tell("victim"));
    Channel last =
        others.server(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                closeWithNews(victim, others);
              }
            });
    pass();
    told.clear();
    others.connectedTo(last);
    until("closed", "native", "hosted", "accepted", "connected");
    assertEquals(List.of(), told.stream().filter(line -> line.contains("inside")).toList());
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#inet")
  void aPortIsFreeAfterThePassInWhoseWaitItsSocketWasClosed(Wiring wiring) throws IOException {
    open(wiring);
    Dispatcher victim = new Reader("victim", null, map);
    victim.createSocket(Family.INET, SocketType.DGRAM);
    victim.bind(anyPort());
    pass();
    InetSocketAddress address = (InetSocketAddress) victim.socket().getsockname();
    Others others = new Others();
    Channel closing =
        others.server(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                victim.close();
                tell("closed");
              }
            });
    others.connectedTo(closing);
    until("closed");
    closeLater(new DatagramSocket(address));
    assertTrue(map.isEmpty(), () -> "still there: " + map);
  }
}
