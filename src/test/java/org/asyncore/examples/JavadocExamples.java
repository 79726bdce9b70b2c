package org.asyncore.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.LoopThread;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.limits.AcceptLimits;
import org.asyncore.limits.Timeouts;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.migrate.DispatcherHandler;
import org.asyncore.observe.Counters;
import org.asyncore.observe.MicrometerBinder;
import org.asyncore.testkit.MemoryNetwork;
import org.asyncore.testkit.Peer;
import org.asyncore.testkit.Schedules;
import org.asyncore.testkit.TestClock;
import org.asyncore.testkit.TestLoop;
import org.asyncore.testkit.netty.TestPipeline;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.Membership;
import org.asyncore.transport.SystemOption;
import org.asyncore.transport.UnixName;

/**
 * The examples of Javadoc, so that the compiler reads them: DocsTest looks for each here, or in the
 * programs. JavadocExamplesTest runs what can be run in memory.
 */
@SuppressWarnings("unused")
final class JavadocExamples {
  private JavadocExamples() {}

  static class EchoHandler extends DispatcherWithSend {
    EchoHandler(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public void handleRead() {
      byte[] data = recv(8192);
      if (data.length > 0) send(data); // What there is no room for goes out later.
    }
  }

  static class EchoServer extends Dispatcher {
    EchoServer(String host, int port, SocketMap map) {
      super(map);
      createSocket();
      setReuseAddr();
      bind(host, port);
      listen(5);
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      new EchoHandler(socket, map());
    }
  }

  static class LineEcho extends AsyncChat {
    LineEcho(AsyncSocket socket, SocketMap map) {
      super(socket, map);
      setTerminator(new byte[] {'\n'});
    }

    @Override
    public void collectIncomingData(byte[] data) {
      appendIncomingData(data); // A line, or a part of one.
    }

    @Override
    public void foundTerminator() {
      String line = new String(takeIncomingData(), US_ASCII);
      push(line + "\n", US_ASCII);
    }
  }

  private static void asyncore() throws InterruptedException {
    SocketMap map = new SocketMap();
    new EchoServer("127.0.0.1", 8007, map);
    Asyncore.loop(map); // Returns when the last dispatcher has closed.
  }

  private static void socketMap(SocketMap map) {
    map.execute(() -> System.out.println("in the next pass"));
    map.callLater(Duration.ofSeconds(5), () -> System.out.println("five seconds later"));
    map.callEvery(Duration.ofMinutes(1), () -> System.out.println(map.size() + " sockets"));
  }

  private static void loopThread() {
    try (LoopThread loop = new LoopThread("echo")) {
      new EchoServer("127.0.0.1", 8007, loop.map());
      loop.start();
      loop.execute(() -> System.out.println("on " + Thread.currentThread().getName()));
      // The program does something else.
    } // The loop drains, and has ended.
  }

  private static Channel dispatcherChannels(SocketMap map, ChannelHandler handler) {
    return new ServerBootstrap() // Served by loop(map), beside the map's dispatchers.
        .group(DispatcherChannels.eventLoopGroup(map))
        .channel(DispatcherChannels.serverChannelClass(map, Family.INET))
        .childHandler(handler)
        .bind("127.0.0.1", 8008)
        .syncUninterruptibly()
        .channel();
  }

  private static void dispatcherHandler() {
    new ServerBootstrap()
        .group(new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory()))
        .channel(NioServerSocketChannel.class)
        .childHandler(DispatcherHandler.each(EchoHandler::new))
        .bind(8007);
  }

  private static void limits(Dispatcher listener, Dispatcher dispatcher) {
    AcceptLimits.of(listener).maxConnections(10_000).acceptsPerPass(64);
    Timeouts.of(dispatcher).idle(Duration.ofMinutes(5)).write(Duration.ofSeconds(30));
  }

  private static void micrometer(Counters counters, MeterRegistry registry) {
    new MicrometerBinder(counters, "mail").bindTo(registry);
  }

  private static SocketAddress options(AsyncSocket socket, InetAddress group) {
    socket.setsockopt(SystemOption.SO_OOBINLINE, true);
    socket.setsockopt(SystemOption.number("TCP_USER_TIMEOUT", 6, 18), 30_000);
    socket.setsockopt(Membership.ADD, new Membership(group, null, null));
    SocketAddress door = UnixName.of("\0door".getBytes(UTF_8));
    return door;
  }

  static void testLoop() {
    try (TestLoop loop = new TestLoop()) {
      new EchoServer("127.0.0.1", 7, loop.map());
      loop.connect(7).send("hello").expect("hello");
    }
  }

  private static void schedules() {
    Schedules.of(10_000)
        .run(
            schedule -> {
              TestLoop loop = schedule.loop();
              new EchoServer("127.0.0.1", 7, loop.map());
              loop.connect(7).send("hello").expect("hello");
            });
  }

  private static void peer(TestLoop loop, Dispatcher echo) {
    Peer guest = loop.connect(6667);
    guest.send("hello\n").expect("guest1: hello\r\n");
    guest.end().expectEnd();
    assertEquals(List.of("handleRead", "recv 5", "send 5 of 9", "handleClose"), loop.calls(echo));
  }

  private static void network() {
    SocketMap map = new SocketMap(new MemoryNetwork(new TestClock()).transport());
  }

  static void pipeline(TestLoop loop) {
    TestPipeline hosted = new TestPipeline(loop, new DispatcherHandler(EchoHandler::new));
    hosted.peer().send("hello").expect("hello");
  }
}
