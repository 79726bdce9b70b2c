package org.asyncore.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.FileDispatcher;
import org.asyncore.SocketMap;
import org.asyncore.examples.ChatRoom;
import org.asyncore.fixture.Logged;
import org.asyncore.limits.AcceptLimits;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Datagram;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Pipe;
import org.asyncore.transport.SocketType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A loop in memory, and its clock. */
class TestLoopTest {
  private final TestLoop loop = new TestLoop();

  @AfterEach
  void close() {
    loop.close();
  }

  /** Answers what it reads, if it wants to. */
  private static class Echo extends Dispatcher {
    Echo(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      byte[] data = recv(5);
      if (data.length > 0) send(data);
    }

    @Override
    public void handleClose() {
      close();
    }

    @Override
    public void handleError(Throwable thrown) {
      close();
    }
  }

  private Echo echo;

  private Echo echo(AsyncSocket socket) {
    echo = new Echo(socket, loop.map());
    return echo;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsCalledIsALine(boolean usePoll) {
    Peer peer = loop.usePoll(usePoll).connected(this::echo);
    peer.send("hello world").expect("hello world").end().expectEnd();
    assertEquals(
        List.of(
            "open",
            "handleRead",
            "recv 5",
            "send 5 of 5",
            "handleRead",
            "recv 5",
            "send 5 of 5",
            "handleRead",
            "recv 1",
            "send 1 of 1",
            "handleRead",
            "recv end",
            "close"),
        loop.calls(echo));
  }

  @Test
  void aTimeoutOfFiveMinutesTakesNoTime() {
    List<String> told = new ArrayList<>();
    loop.connected(this::echo).send("x").expect("x");
    echo.callLater(Duration.ofMinutes(5), () -> told.add("late"));
    loop.advance(Duration.ofMinutes(5).minusNanos(1));
    assertEquals(List.of(), told);
    loop.advance(Duration.ofNanos(1));
    assertEquals(List.of("late"), told);
    assertEquals(Duration.ofMinutes(5), loop.clock().elapsed());
  }

  @Test
  void callsComeAtTheirTimesAndInTheirOrder() {
    List<String> told = new ArrayList<>();
    loop.map().keepRunning(true);
    loop.map().callEvery(Duration.ofSeconds(2), () -> told.add("two " + loop.clock()));
    loop.map().callEvery(Duration.ofSeconds(3), () -> told.add("three " + loop.clock()));
    loop.advance(Duration.ofSeconds(6));
    assertEquals(
        List.of("two 2.000 s", "three 3.000 s", "two 4.000 s", "three 6.000 s", "two 6.000 s"),
        told);
  }

  @Test
  void anExpectationWaitsForWhatIsDue() {
    loop.connected(this::echo);
    Peer peer = loop.connected(this::echo);
    echo.callLater(Duration.ofSeconds(30), () -> echo.send(new byte[] {'!'}));
    peer.expect("!");
    assertEquals(Duration.ofSeconds(30), loop.clock().elapsed());
  }

  @Test
  void aClockDoesNotGoBack() {
    assertThrows(IllegalArgumentException.class, () -> loop.clock().advance(Duration.ofNanos(-1)));
    assertThrows(IllegalArgumentException.class, () -> loop.advance(Duration.ofNanos(-1)));
  }

  @Test
  void aDispatcherThatConnectsFindsADoor() {
    Door door = loop.listen(2525);
    Dispatcher client = new Echo(null, loop.map());
    client.createSocket();
    client.connect("127.0.0.1", 2525);
    Peer server = door.expectPeer();
    server.send("hello").expect("hello").reset();
    loop.settle();
    assertTrue(loop.map().isEmpty());
  }

  @Test
  void nobodyListensIsARefusal() {
    Dispatcher client = new Echo(null, loop.map());
    client.createSocket();
    client.connect("127.0.0.1", 2525);
    loop.settle();
    assertEquals(
        List.of("open", "handleConnect", "handleError ECONNREFUSED", "close"), loop.calls(client));
  }

  @Test
  void aConnectionMayTakeItsTime() {
    loop.network().connectTime(Duration.ofSeconds(3));
    loop.listen(2525);
    Dispatcher client = new Echo(null, loop.map());
    client.createSocket();
    client.connect("127.0.0.1", 2525);
    loop.advance(Duration.ofSeconds(2));
    assertFalse(client.connected());
  }

  @Test
  void aPeerThatReadsNothingStopsTheSender() {
    loop.network().buffers(4, 3);
    Peer peer = loop.connected(this::echo).readsNothing();
    assertEquals(7, echo.send(new byte[10]) + echo.send(new byte[10]));
    assertEquals(0, echo.send(new byte[1]));
    peer.reads(2);
    assertEquals(2, echo.send(new byte[10]));
  }

  @Test
  void whatComesInPiecesTakesPasses() {
    Peer peer = loop.connected(this::echo).inPieces(3);
    peer.send("hello").expect("hello");
    assertTrue(loop.calls(echo).containsAll(List.of("recv 3", "recv 2")));
  }

  /** Sends back what comes. */
  private static final class UdpEcho extends Dispatcher {
    UdpEcho(int port, SocketMap map) {
      super(map);
      createSocket(Family.INET, SocketType.DGRAM);
      bind("127.0.0.1", port);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      Datagram datagram = socket().recvfrom(100);
      socket().sendto(datagram.data(), datagram.address());
    }
  }

  @Test
  void datagramsComeOneByOne() {
    UdpEcho udp = new UdpEcho(7, loop.map());
    DatagramPeer peer = loop.datagrams(8);
    peer.send("one", udp.socket().getsockname()).send("", udp.socket().getsockname());
    peer.expect("one").expect("");
    AssertionError nothing = assertThrows(AssertionError.class, () -> peer.expect("x"));
    assertTrue(
        nothing
            .getMessage()
            .startsWith(
                "expected the datagram \"x\" at /127.0.0.1:8, but found nothing; nothing more is"
                    + " going to happen\n"),
        nothing.getMessage());
    peer.send("two", udp.socket().getsockname());
    AssertionError other = assertThrows(AssertionError.class, () -> peer.expect("x"));
    assertTrue(
        other
            .getMessage()
            .startsWith("expected the datagram \"x\" at /127.0.0.1:8, but found \"two\"\n"),
        other.getMessage());
  }

  @Test
  void aListenerBacksOffByTheClock() {
    List<String> told = new ArrayList<>();
    Dispatcher listener =
        new Dispatcher(loop.map()) {
          @Override
          public void handleAccepted(AsyncSocket socket, SocketAddress address) {
            told.add("accepted at " + loop.clock());
            socket.close();
          }
        };
    listener.createSocket();
    listener.bind("127.0.0.1", 7);
    listener.listen(5);
    AcceptLimits.of(listener);
    loop.fail(listener, SocketCall.ACCEPT, Errno.EMFILE);
    loop.connect(7);
    try (Logged logged = new Logged()) {
      loop.settle();
      assertEquals(1, logged.lines().size());
    }
    assertEquals(List.of(), told);
    loop.advance(Duration.ofMillis(5));
    assertEquals(List.of("accepted at 0.005 s"), told);
  }

  @Test
  void pipesAreInMemoryToo() throws InterruptedException {
    Pipe pipe = loop.map().transport().pipe();
    List<String> told = new ArrayList<>();
    FileDispatcher reader =
        new FileDispatcher(pipe.reader().fileno(), loop.map()) {
          @Override
          public boolean writable() {
            return false;
          }

          @Override
          public void handleRead() {
            told.add(new String(recv(100), US_ASCII));
          }

          @Override
          public void handleClose() {
            told.add("end");
            close();
          }
        };
    pipe.reader().close();
    pipe.writer().write(ByteBuffer.wrap("hello".getBytes(US_ASCII)));
    loop.settle();
    assertEquals(List.of("hello"), told);
    pipe.writer().close();
    loop.settle();
    assertEquals(List.of("hello", "end", ""), told);
    assertEquals(-1, reader.fileno());
    Pipe other = loop.map().transport().pipe();
    assertEquals(0, other.reader().read(ByteBuffer.allocate(1), 1_000_000_000));
    assertEquals(Duration.ofSeconds(1), loop.clock().elapsed());
    other.reader().close();
    OsException broken =
        assertThrows(OsException.class, () -> other.writer().write(ByteBuffer.allocate(1)));
    assertEquals(Errno.EPIPE, broken.errno());
    other.writer().close();
  }

  @Test
  void errorsOnDemand() {
    Peer peer = loop.connected(this::echo);
    loop.fail(echo, SocketCall.RECV, Errno.ENOMEM);
    loop.settle();
    assertEquals(List.of("open", "handleRead", "handleError ENOMEM", "close"), loop.calls(echo));
    peer.expectEnd();
  }

  @Test
  void aProgramWithoutAMapGetsThisOne() {
    SocketMap before = Asyncore.socketMap();
    loop.asDefault();
    new ChatRoom("127.0.0.1", 6667);
    loop.connect(6667).expect("* guest1 is here\r\n");
    loop.close();
    assertSame(before, Asyncore.socketMap());
  }

  @Test
  void aLoopThreadMayHaveTheClock() throws InterruptedException {
    TestClock clock = new TestClock();
    MemoryNetwork network = new MemoryNetwork(clock).shared(true);
    SocketMap map = new SocketMap(network.transport());
    try (org.asyncore.LoopThread thread = new org.asyncore.LoopThread("test", map)) {
      java.util.concurrent.CountDownLatch ran = new java.util.concurrent.CountDownLatch(1);
      thread.start();
      thread.execute(() -> map.callLater(Duration.ofDays(1), ran::countDown));
      assertTrue(ran.await(10, java.util.concurrent.TimeUnit.SECONDS));
      assertTrue(clock.elapsed().compareTo(Duration.ofDays(1)) >= 0);
    }
  }
}
