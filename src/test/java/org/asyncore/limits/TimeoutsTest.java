package org.asyncore.limits;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.LoopThread;
import org.asyncore.SocketMap;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.Logged;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.Printed;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.Wiring;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.migrate.DispatcherHandler;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Timeouts of dispatchers that a loop serves, on loopback sockets and the real clock. */
@Timeout(60)
class TimeoutsTest {
  private static final Duration SHORT = Duration.ofMillis(30);
  private static final Duration LONG = Duration.ofMinutes(10);

  private Loopback loopback;
  private final List<AutoCloseable> opened = new ArrayList<>();

  private Loopback.Linked link(Wiring wiring) {
    loopback = new Loopback(wiring);
    Loopback.Linked linked = loopback.link("d");
    linked.dispatcher().wants(true, false).on("handleRead", it -> it.recv(1000));
    return linked;
  }

  /** An address that answers no connect: the listener's backlog is full. */
  private InetSocketAddress blackHole() throws IOException {
    ServerSocketChannel door = open(ServerSocketChannel.open());
    door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    for (int i = 0; i < 8; i++) {
      SocketChannel waiting = open(SocketChannel.open());
      waiting.configureBlocking(false);
      waiting.connect(door.getLocalAddress());
    }
    return (InetSocketAddress) door.getLocalAddress();
  }

  private <T extends AutoCloseable> T open(T resource) {
    opened.add(resource);
    return resource;
  }

  @AfterEach
  void close() throws Exception {
    if (loopback != null) loopback.close();
    for (AutoCloseable resource : opened) resource.close();
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#inet")
  void aSilentPeerReachesHandleErrorAndThenHandleClose(Wiring wiring) {
    Loopback.Linked linked = link(wiring);
    Timeouts.of(linked.dispatcher()).read(SHORT);
    loopback.loop(); // Ends with the dispatcher, with no timeout of its own.
    assertEquals(List.of("d handleError ETIMEDOUT", "d handleClose"), loopback.calls());
    assertEquals("closed", linked.peer().receiveAll().then());
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void theDefaultHandleErrorLogsALineAndCloses(Wiring wiring) {
    loopback = new Loopback(wiring);
    Dispatcher plain = new Dispatcher(loopback.map());
    plain.createSocket();
    plain.connect(loopback.door().address());
    try (Printed printed = new Printed()) {
      Timeouts.of(plain).idle(SHORT);
      loopback.until(() -> plain.fileno() < 0, "the end of an idle dispatcher");
      String line = printed.out();
      assertTrue(line.startsWith("error: uncaptured python exception, closing channel <"), line);
      assertTrue(line.contains("ETIMEDOUT: nothing received or sent for PT0.03S"), line);
    }
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#inet")
  void bytesThatArriveWhileNobodyLoopsCallATimeoutOff(Wiring wiring) {
    Loopback.Linked linked = link(wiring);
    RecordingDispatcher dispatcher = linked.dispatcher();
    List<TimedOutException> late = new ArrayList<>();
    Timeouts.of(dispatcher).read(Duration.ofMillis(200), late::add);
    linked.peer().send("in time");
    long start = System.nanoTime();
    while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(250)) Thread.onSpinWait();
    dispatcher.socket().getsockname(); // Runs what timers are due, and reads nothing.
    loopback.untilCalled("d handleRead");
    assertEquals(List.of(), late);
    loopback.until(() -> late.size() == 1, "a timeout after that");
    assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(400));
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void aPeerThatTakesNothingTimesOut(Wiring wiring) {
    Loopback.Linked linked = link(wiring);
    RecordingDispatcher dispatcher = linked.dispatcher();
    List<TimedOutException> late = new ArrayList<>();
    Timeouts.of(dispatcher)
        .write(
            SHORT,
            it -> {
              late.add(it);
              dispatcher.close();
            });
    dispatcher.wants(true, true).on("handleWrite", it -> it.send(new byte[100_000]));
    loopback.until(() -> !late.isEmpty(), "a write timeout");
    assertEquals(TimedOutException.Kind.WRITE, late.get(0).kind());
    Channel channel = DispatcherChannels.channel(dispatcher.socket());
    loopback.until(() -> closed(channel), "the end of a channel whose peer takes nothing");
    assertEquals(1, late.size());
  }

  /** Has the loop run, as other dispatchers would. */
  private boolean closed(Channel channel) {
    RecordingDispatcher other = loopback.fresh("o").wants(true, false);
    loopback.pass();
    other.close();
    return !channel.isOpen();
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void timeoutsThatAreFarAwayDoNotKeepALoop(Wiring wiring) {
    Loopback.Linked linked = link(wiring);
    Timeouts.of(linked.dispatcher()).idle(LONG).read(LONG).write(LONG).connect(LONG);
    linked.peer().close();
    linked.dispatcher().on("handleRead", it -> it.recv(10));
    loopback.loop();
    assertEquals(List.of("d handleRead", "d handleClose"), loopback.calls());
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void timeoutsGoAlongIntoAnotherMap(Wiring wiring) throws Exception {
    loopback = new Loopback(wiring);
    RecordingDispatcher listener = loopback.listener("l");
    loopback.peer(Loopback.addressOf(listener));
    loopback.untilCalled("l handleAccepted");
    SocketMap other = new SocketMap(wiring.transport());
    List<TimedOutException> late = new ArrayList<>();
    Dispatcher moved = new Moved(listener.accepted(), other);
    Timeouts.of(moved).read(SHORT, late::add); // Its socket is of the listener's map still.
    Passes.until(other, wiring.usePoll(), () -> late.size() == 2, "two timeouts", late);
    Asyncore.closeAll(other, false);
  }

  private static final class Moved extends Dispatcher {
    Moved(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public boolean writable() {
      return false;
    }
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void noTimeoutChangesTheSocketOrPutsAnythingInFrontOfIt(Wiring wiring) {
    Loopback.Linked linked = link(wiring);
    RecordingDispatcher dispatcher = linked.dispatcher();
    AsyncSocket socket = dispatcher.socket();
    List<String> names = DispatcherChannels.channel(dispatcher).pipeline().names();
    Timeouts.of(dispatcher).idle(LONG).read(LONG).write(LONG).connect(LONG);
    assertSame(socket, dispatcher.socket());
    assertEquals(names, DispatcherChannels.channel(dispatcher).pipeline().names());
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void aDeadlineThatIsPutOffEndsNoWait(Wiring wiring) throws Exception {
    Loopback.Linked linked = link(wiring);
    List<TimedOutException> late = new ArrayList<>();
    Timeouts.of(linked.dispatcher()).write(SHORT, late::add).connect(SHORT, late::add);
    long start = System.nanoTime();
    Asyncore.loop(0.2, wiring.usePoll(), loopback.map(), 1); // Nothing waits to be sent.
    assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(195));
    assertEquals(List.of(), late);
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void cancelCallsCancelsNoTimeout(Wiring wiring) {
    Loopback.Linked linked = link(wiring);
    Timeouts.of(linked.dispatcher()).read(SHORT);
    linked.dispatcher().cancelCalls();
    loopback.loop();
    assertEquals(List.of("d handleError ETIMEDOUT", "d handleClose"), loopback.calls());
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void aTimeoutStrikesBeforeTheCallbacksOfItsPass(Wiring wiring) {
    Loopback.Linked linked = link(wiring);
    RecordingDispatcher dispatcher = linked.dispatcher();
    dispatcher.wants(true, true).on("handleWrite", it -> {}); // In each pass, and sends nothing.
    dispatcher.on("handleError", it -> it.close());
    Timeouts.of(dispatcher).idle(SHORT);
    loopback.loop();
    List<String> calls = loopback.calls();
    assertEquals("d handleError ETIMEDOUT", calls.get(calls.size() - 1)); // And no handleWrite.
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void aWriteTimeoutEndsAClosedConnectionThatLingersWhileALoopDrains(Wiring wiring)
      throws Exception {
    Loopback.Linked linked = link(wiring);
    RecordingDispatcher dispatcher = linked.dispatcher();
    Channel channel = DispatcherChannels.channel(dispatcher);
    Timeouts.of(dispatcher).write(Duration.ofMillis(300));
    int sent = 0;
    for (int n = 1; n > 0; sent += n) n = dispatcher.send(new byte[65_536]);
    dispatcher.close();
    assertTrue(channel.isOpen()); // It lingers.
    try (Logged logged = new Logged()) {
      Asyncore.loop(0, wiring.usePoll(), loopback.map()); // Drains, and would for 30 s.
      assertFalse(channel.isOpen());
      assertEquals(1, logged.lines().size(), logged.lines()::toString);
    }
    assertTrue(sent > 0);
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void timeoutsGoOnWhileALoopThreadDrains(Wiring wiring) throws Exception {
    Loopback.Linked linked = link(wiring);
    linked.dispatcher().on("handleError", Dispatcher::close);
    Timeouts.of(linked.dispatcher()).read(Duration.ofMillis(300));
    linked.dispatcher().cancelCalls();
    LoopThread loop = new LoopThread("draining", loopback.map()).usePoll(wiring.usePoll());
    loop.start().stop(Duration.ofSeconds(50));
    assertTrue(loop.join(Duration.ofSeconds(20)), "the end of a loop whose only peer is silent");
  }

  // --- connecting ---

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#inet")
  void aConnectThatIsNotAnsweredTimesOut(Wiring wiring) throws IOException {
    loopback = new Loopback(wiring);
    RecordingDispatcher dispatcher = loopback.fresh("d");
    AsyncSocket socket = dispatcher.socket();
    Timeouts.of(dispatcher).connect(SHORT);
    dispatcher.connect(blackHole());
    loopback.loop();
    assertEquals(List.of("d handleError ETIMEDOUT", "d handleClose"), loopback.calls());
    assertSame(socket, dispatcher.socket()); // Nothing had to be put in front of it.
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void aConnectUnderWayTimesOutAsWellWithOtherTimeoutsBesideIt(Wiring wiring) throws IOException {
    loopback = new Loopback(wiring);
    RecordingDispatcher dispatcher = loopback.fresh("d");
    AsyncSocket socket = dispatcher.socket();
    dispatcher.connect(blackHole());
    Timeouts.of(dispatcher).connect(SHORT).idle(LONG);
    loopback.loop();
    assertEquals(List.of("d handleError ETIMEDOUT", "d handleClose"), loopback.calls());
    assertSame(socket, dispatcher.socket());
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#inet")
  void aConnectionThatIsUpIsLeftAloneThoughNobodyHasFoundIt(Wiring wiring) {
    loopback = new Loopback(wiring);
    RecordingDispatcher dispatcher = loopback.fresh("d").wants(true, true);
    List<TimedOutException> late = new ArrayList<>();
    dispatcher.connect(loopback.door().address());
    Timeouts.of(dispatcher).connect(Duration.ofMillis(1), late::add);
    long start = System.nanoTime();
    while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(5)) Thread.onSpinWait();
    dispatcher.wants(true, true);
    loopback.untilCalled("d handleConnect");
    for (int pass = 0; pass < 5; pass++) loopback.pass();
    assertEquals(List.of(), late);
    Timeouts.of(dispatcher).connect(Duration.ofMillis(1), late::add); // Of no use any more.
    assertTrue(DispatcherChannels.channel(dispatcher).pipeline().names().size() <= 2);
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#inet")
  void aRefusalIsToldAsOneThoughNobodyHasFoundItInTime(Wiring wiring) {
    loopback = new Loopback(wiring);
    RecordingDispatcher dispatcher = loopback.fresh("d").wants(true, true);
    Timeouts.of(dispatcher).connect(Duration.ofMillis(1));
    dispatcher.connect(loopback.nowhere());
    long start = System.nanoTime();
    while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(50)) Thread.onSpinWait();
    loopback.loop();
    assertEquals(List.of("d handleError ECONNREFUSED", "d handleClose"), loopback.calls());
  }

  @Test
  void aHostedConnectThatIsNotAnsweredTimesOut() throws Exception {
    CallLog calls = new CallLog(DispatcherHandler.newMap().transport());
    CompletableFuture<List<String>> closed = new CompletableFuture<>();
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    opened.add(
        () -> group.shutdownGracefully(1, 5000, TimeUnit.MILLISECONDS).await(10, TimeUnit.SECONDS));
    DispatcherHandler handler =
        new DispatcherHandler(
            (socket, map) -> {
              RecordingDispatcher dispatcher = calls.dispatcher("d", socket);
              Timeouts.of(dispatcher).connect(SHORT);
              return dispatcher.on(
                  "handleClose",
                  it -> {
                    it.close();
                    closed.complete(List.copyOf(calls));
                  });
            },
            calls.map());
    new Bootstrap()
        .group(group)
        .channel(NioSocketChannel.class)
        .handler(handler)
        .connect(blackHole());
    assertEquals(
        List.of("d handleError ETIMEDOUT", "d handleClose"), closed.get(20, TimeUnit.SECONDS));
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void aListenerHasNoTimeouts(Wiring wiring) {
    loopback = new Loopback(wiring);
    RecordingDispatcher listener = loopback.listener("l");
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> Timeouts.of(listener));
    assertTrue(refused.getMessage().startsWith("timeouts of a listening dispatcher: <"));
  }

  @Test
  void withoutAnOpenSocketTheyAreRefused() {
    loopback = new Loopback(new Wiring("nio", Family.INET, true));
    Dispatcher dispatcher = new Dispatcher(loopback.map());
    assertTrue(refusal(() -> Timeouts.of(dispatcher)).startsWith("timeouts without a socket: <"));
    dispatcher.createSocket();
    Timeouts timeouts = Timeouts.of(dispatcher);
    dispatcher.close();
    String closed = "timeouts of a closed dispatcher: <";
    assertTrue(refusal(() -> Timeouts.of(dispatcher)).startsWith(closed));
    assertTrue(refusal(() -> timeouts.connect(SHORT)).startsWith(closed));
    assertTrue(refusal(() -> timeouts.idle(SHORT)).startsWith(closed));
    assertTrue(refusal(timeouts::clear).startsWith(closed));
  }

  private static String refusal(Executable call) {
    return assertThrows(IllegalStateException.class, call).getMessage();
  }

  @Test
  void aLastWordIsSentBeforeTheEnd() {
    Loopback.Linked linked = link(new Wiring("nio", Family.INET, true));
    RecordingDispatcher dispatcher = linked.dispatcher();
    Timeouts.of(dispatcher)
        .idle(
            SHORT,
            late -> {
              dispatcher.send("421 too slow\r\n".getBytes(US_ASCII));
              dispatcher.close();
            });
    loopback.loop();
    assertEquals("'421 too slow\r\n' then closed", linked.peer().receiveAll().toString());
    assertEquals(List.of(), loopback.calls());
  }
}
