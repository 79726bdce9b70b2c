package org.asyncore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.asyncore.Dispatcher;
import org.asyncore.limits.AcceptLimits;
import org.asyncore.limits.TimedOutException;
import org.asyncore.limits.Timeouts;
import org.asyncore.migrate.Certificates;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.migrate.Tls;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.SocketType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Timeouts and limits of connections, in memory and by its clock, in both orders. */
class LimitsInMemoryTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration NANO = Duration.ofNanos(1);

  private final TestLoop loop = new TestLoop();
  private final List<String> told = new ArrayList<>();
  private final List<Talker> talkers = new ArrayList<>();

  private void tell(TimedOutException late) {
    told.add(late.kind() + " at " + loop.clock());
  }

  @AfterEach
  void close() {
    loop.close();
  }

  /** Reads if it wants to, and has something to send if it says so. */
  private final class Talker extends Dispatcher {
    private boolean reads = true;
    private int unsent;

    Talker(AsyncSocket socket) {
      super(socket, loop.map());
      talkers.add(this);
    }

    @Override
    public boolean readable() {
      return reads;
    }

    @Override
    public boolean writable() {
      return unsent > 0 || connecting();
    }

    @Override
    public void handleRead() {
      recv(100);
    }

    @Override
    public void handleWrite() {
      unsent -= send(new byte[Math.min(unsent, 1000)]);
    }

    @Override
    public void handleClose() {
      close();
    }

    @Override
    public void handleError(Throwable thrown) {
      told.add(CallLog.nameOf(thrown) + " at " + loop.clock());
      close();
    }
  }

  private Talker talker;

  private Peer connected(boolean usePoll) {
    return loop.usePoll(usePoll)
        .connected(
            socket -> {
              talker = new Talker(socket);
              return talker;
            });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSilentPeerReachesHandleErrorAtItsTime(boolean usePoll) {
    Peer peer = connected(usePoll);
    Timeouts.of(talker).read(MINUTE);
    peer.expectSilence(MINUTE.minus(NANO)).send("x");
    peer.expectSilence(MINUTE.minus(NANO));
    loop.advance(NANO);
    peer.expectEnd();
    assertEquals(List.of("ETIMEDOUT at 120.000 s"), told);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoSendsIsNotIdleAndWhoDoesNotReadIsNotLate(boolean usePoll) {
    Peer peer = connected(usePoll);
    Timeouts.of(talker).idle(MINUTE, this::tell).read(MINUTE.multipliedBy(2), this::tell);
    loop.advance(Duration.ofSeconds(30));
    talker.send(new byte[1]);
    loop.advance(Duration.ofSeconds(59));
    assertEquals(List.of(), told);
    loop.advance(Duration.ofSeconds(1));
    assertEquals(List.of("IDLE at 90.000 s"), told);
    talker.reads = false;
    peer.send("unread");
    loop.advance(Duration.ofSeconds(59));
    assertEquals(List.of("IDLE at 90.000 s"), told);
    loop.advance(Duration.ofMinutes(3));
    assertTrue(told.stream().noneMatch(line -> line.startsWith("READ")), told::toString);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPeerThatTakesNothingTimesOut(boolean usePoll) {
    loop.network().buffers(1000, 1000);
    Peer peer = connected(usePoll).readsNothing();
    Timeouts.of(talker).write(MINUTE, this::tell);
    talker.unsent = 10_000;
    loop.advance(MINUTE.minus(NANO));
    peer.reads(1000); // And waits anew.
    loop.advance(MINUTE.minus(NANO));
    assertEquals(List.of(), told);
    loop.advance(NANO);
    assertEquals(List.of("WRITE at 120.000 s"), told);
    loop.advance(MINUTE.multipliedBy(10)); // Of the same piece it is told once.
    assertEquals(1, told.size());
    peer.readsAll();
    loop.settle();
    assertEquals(0, talker.unsent);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aConnectThatIsNotAnsweredTimesOut(boolean usePoll) {
    loop.usePoll(usePoll).network().connectTime(Duration.ofHours(1));
    talker = new Talker(null);
    talker.createSocket(Family.INET, SocketType.STREAM);
    loop.listen(25);
    talker.connect("127.0.0.1", 25);
    Timeouts.of(talker).connect(MINUTE);
    loop.advance(MINUTE.minus(NANO));
    assertEquals(List.of(), told);
    loop.advance(NANO);
    assertEquals(List.of("ETIMEDOUT at 60.000 s"), told);
    assertEquals(-1, talker.fileno());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void timeoutsEndWithTheConnectionAndByClear(boolean usePoll) {
    connected(usePoll);
    Timeouts.of(talker).idle(MINUTE).read(MINUTE).write(MINUTE).connect(MINUTE);
    Timeouts.of(talker).clear();
    loop.advance(MINUTE.multipliedBy(5));
    Timeouts.of(talker).idle(MINUTE);
    talker.close();
    loop.advance(MINUTE.multipliedBy(5));
    assertEquals(List.of(), told);
  }

  /** Takes connections, as talkers. */
  private final class Door extends Dispatcher {
    Door() {
      super(loop.map());
      createSocket();
      bind("127.0.0.1", 25);
      listen(5);
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      new Talker(socket);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void connectionsOverTheLimitWaitUntilOneCloses(boolean usePoll) {
    loop.usePoll(usePoll);
    AcceptLimits limits = AcceptLimits.of(new Door()).maxConnections(2).acceptsPerPass(10);
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < 4; i++) peers.add(loop.connect(25));
    loop.settle();
    assertEquals(2, talkers.size());
    assertEquals(2, limits.openConnections());
    talkers.get(0).close();
    assertEquals(1, limits.openConnections());
    loop.settle();
    assertEquals(3, talkers.size());
    peers.get(1).reset();
    loop.settle();
    assertEquals(4, talkers.size());
    limits.refusing(true);
    Peer late = loop.connect(25);
    late.expectEnd();
    assertEquals(1, limits.refusedConnections());
    assertEquals(2, limits.openConnections());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatNeedsAChannelSaysThatThereIsNone(boolean usePoll) {
    connected(usePoll);
    String why = "no handlers in front of a STREAM socket of transport memory";
    assertRefused(why, () -> DispatcherChannels.pipeline(talker));
    assertRefused(why, () -> Tls.start(talker, Certificates.LOCALHOST.server().build()));
    String migrates = "no channel below a socket of transport memory";
    assertRefused(
        migrates, () -> DispatcherChannels.migrateTo(talker, new ChannelInboundHandlerAdapter()));
    Dispatcher udp = new Dispatcher(loop.map());
    udp.createSocket(Family.INET, SocketType.DGRAM);
    assertRefused("no timeouts of a DGRAM socket", () -> Timeouts.of(udp).idle(MINUTE));
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
