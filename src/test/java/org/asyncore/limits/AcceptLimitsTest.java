package org.asyncore.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Peer;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.fixture.Wiring;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Limits of a listener on loopback sockets. */
@Timeout(60)
class AcceptLimitsTest {
  private Loopback loopback;
  private RecordingDispatcher listener;
  private final List<Dispatcher> accepted = new ArrayList<>();

  private AcceptLimits limits(Wiring wiring) {
    loopback = new Loopback(wiring);
    listener = loopback.listener("l");
    listener.on("handleAccepted", it -> accepted.add(connection(it.accepted())));
    return AcceptLimits.of(listener);
  }

  private Dispatcher connection(AsyncSocket socket) {
    return loopback.calls().dispatcher("c" + accepted.size(), socket).wants(true, false);
  }

  private Peer peer() {
    return loopback.peer(Loopback.addressOf(listener));
  }

  private void untilAccepted(int count) {
    loopback.until(() -> accepted.size() == count, count + " accepted connections");
  }

  @AfterEach
  void close() {
    if (loopback != null) loopback.close();
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#inet")
  void connectionsOverTheLimitWaitInTheBacklogUntilOneCloses(Wiring wiring) {
    AcceptLimits limits = limits(wiring).maxConnections(2).acceptsPerPass(10);
    for (int i = 0; i < 4; i++) peer();
    untilAccepted(2);
    for (int pass = 0; pass < 5; pass++) loopback.pass();
    assertEquals(2, accepted.size());
    assertEquals(2, limits.openConnections());
    accepted.get(0).close();
    assertEquals(1, limits.openConnections());
    untilAccepted(3);
    assertEquals(2, limits.openConnections());
    limits.maxConnections(AcceptLimits.NO_LIMIT);
    untilAccepted(4);
    assertEquals(0, limits.refusedConnections());
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#inet")
  void aFullListenerDoesNotWakeTheLoop(Wiring wiring) throws InterruptedException {
    limits(wiring).maxConnections(1);
    peer();
    peer();
    untilAccepted(1);
    loopback.pass();
    listener.wants(true, false);
    long start = System.nanoTime();
    Asyncore.loop(0.2, wiring.usePoll(), loopback.map(), 1); // Nothing wakes it before its time.
    assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(199));
    assertEquals(1, accepted.size());
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#inet")
  void aConnectionClosedByAnotherThreadEndsTheWait(Wiring wiring) throws Exception {
    limits(wiring).maxConnections(1);
    listener.wants(true, false);
    peer();
    peer();
    untilAccepted(1);
    listener.on("handleAccepted", it -> it.close());
    AsyncSocket socket = accepted.get(0).socket();
    accepted.get(0).delChannel();
    CompletableFuture<Void> closing =
        CompletableFuture.runAsync(socket::close, AcceptLimitsTest::inAThread);
    loopback.loop(); // Has no timeout of its own.
    closing.get(10, TimeUnit.SECONDS);
    listener.accepted().close();
  }

  /** Asked only when touched, as it leaves its predicates alone. */
  private final class Plain extends Dispatcher {
    Plain() {
      super(loopback.map());
      createSocket(loopback.wiring().family());
      bind(loopback.anyPort());
      listen(5);
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      accepted.add(connection(socket));
      if (accepted.size() == 2) close();
    }
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#inet")
  void aListenerThatIsAskedOnTouchGoesOnToo(Wiring wiring) throws Exception {
    loopback = new Loopback(wiring);
    Plain plain = new Plain();
    AcceptLimits.of(plain).maxConnections(1);
    for (int i = 0; i < 2; i++) {
      loopback.peer((InetSocketAddress) plain.socket().getsockname());
    }
    untilAccepted(1);
    for (int pass = 0; pass < 3; pass++) loopback.pass();
    assertEquals(1, accepted.size());
    accepted.get(0).delChannel();
    CompletableFuture<Void> closing =
        CompletableFuture.runAsync(
            () -> accepted.get(0).socket().close(), AcceptLimitsTest::inAThread);
    while (plain.fileno() >= 0) {
      Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), loopback.map(), 1);
    }
    closing.get(10, TimeUnit.SECONDS);
    assertEquals(2, accepted.size());
  }

  private static void inAThread(Runnable part) {
    Thread thread = new Thread(part, "closer");
    thread.setDaemon(true);
    thread.start();
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void aConnectionWithHandlersInFrontCounts(Wiring wiring) {
    AcceptLimits limits = limits(wiring).maxConnections(1);
    Peer first = peer();
    untilAccepted(1);
    DispatcherChannels.pipeline(accepted.get(0));
    peer();
    loopback.pass();
    assertEquals(1, limits.openConnections());
    assertEquals(1, accepted.size());
    first.close();
    ((RecordingDispatcher) accepted.get(0)).on("handleRead", it -> it.recv(10));
    untilAccepted(2);
    assertEquals(1, limits.openConnections());
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void aConnectionThatMigratedCountsUntilItsChannelCloses(Wiring wiring) {
    AcceptLimits limits = limits(wiring).maxConnections(1);
    List<Channel> migrated = new ArrayList<>();
    Peer first = peer();
    listener.on(
        "handleAccepted",
        it ->
            migrated.add(
                DispatcherChannels.migrateTo(it.accepted(), new ChannelInboundHandlerAdapter())));
    loopback.until(() -> migrated.size() == 1, "the first connection");
    peer();
    for (int pass = 0; pass < 5; pass++) loopback.pass();
    assertEquals(1, migrated.size());
    assertEquals(1, limits.openConnections());
    first.close(); // A native channel closes at the end of its stream.
    loopback.until(() -> migrated.size() == 2, "the second connection");
    assertEquals(1, limits.openConnections());
    migrated.get(1).close();
    loopback.until(() -> limits.openConnections() == 0, "the end of the second connection");
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#inet")
  void aRefusingListenerTellsPeersOverTheLimitAtOnce(Wiring wiring) {
    AcceptLimits limits = limits(wiring).maxConnections(1).refusing(true);
    Peer first = peer();
    untilAccepted(1);
    Peer second = peer();
    loopback.until(() -> limits.refusedConnections() == 1, "a refused connection");
    assertEquals("closed", second.receiveAll().then());
    assertEquals(1, accepted.size());
    assertEquals(1, limits.openConnections());
    accepted.get(0).close();
    assertEquals("closed", first.receiveAll().then());
    peer();
    untilAccepted(2);
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void refusedSettingsChangeNothing(Wiring wiring) {
    AcceptLimits limits = limits(wiring).maxConnections(7).acceptsPerPass(8);
    assertMessage("maxConnections < 1: 0", () -> limits.maxConnections(0));
    assertMessage("acceptsPerPass < 1: -2", () -> limits.acceptsPerPass(-2));
    assertEquals(7, limits.maxConnections());
    assertEquals(8, limits.acceptsPerPass());
    assertSame(limits, AcceptLimits.of(listener));
    Loopback.Linked linked = loopback.link("c");
    assertThrows(IllegalStateException.class, () -> AcceptLimits.of(linked.dispatcher()));
    assertEquals(null, linked.dispatcher().acceptPolicy());
  }

  @Test
  void aListenerWhoseConnectionsTellNothingTakesNoMaximum() {
    Dispatcher scripted = new Dispatcher(new SocketMap(new ScriptedTransport()));
    scripted.createSocket();
    AcceptLimits limits = AcceptLimits.of(scripted);
    assertThrows(IllegalStateException.class, () -> limits.maxConnections(5));
    assertEquals(AcceptLimits.NO_LIMIT, limits.maxConnections());
    assertThrows(NullPointerException.class, () -> AcceptLimits.of(null));
  }

  private static void assertMessage(String message, Runnable refused) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, refused::run).getMessage());
  }
}
