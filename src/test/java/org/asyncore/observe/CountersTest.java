package org.asyncore.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.asyncore.Callback;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.fixture.Wiring;
import org.asyncore.migrate.DispatcherHandler;
import org.asyncore.transport.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the counters count. */
class CountersTest {
  private final Counters counters = new Counters();
  private final ScriptedTransport transport = new ScriptedTransport();
  private final CallLog calls = new CallLog(transport);

  @Test
  void levelsAreThoseOfTheMoment() {
    calls.map().observer(counters);
    calls.dispatcher("a", ScriptedSocket.connected(transport)).wants(false, false);
    RecordingDispatcher listener = calls.dispatcher("l", new ScriptedSocket(transport));
    listener.listen(5);
    calls.map().execute(() -> {});
    assertEquals(1, counters.counts().waitingCommands());
    calls.pass();
    Counts counts = counters.counts();
    assertEquals(1, counts.connections());
    assertEquals(1, counts.listeners());
    assertEquals(0, counts.pausedListeners());
    assertEquals(0, counts.waitingCommands());
    listener.close();
    assertEquals(0, counters.counts().listeners());
  }

  @Test
  void scheduledCallsAreDueFromTheirTimeOnUntilAPassHasMadeThem() {
    long[] now = {1};
    transport.clock(() -> now[0]);
    calls.map().observer(counters);
    RecordingDispatcher dispatcher = calls.dispatcher("a", ScriptedSocket.connected(transport));
    dispatcher.wants(false, false);
    calls.map().callLater(Duration.ofNanos(10), () -> {});
    dispatcher.callEvery(Duration.ofNanos(20), () -> {});
    calls.map().callLater(Duration.ofNanos(30), () -> {}).cancel();
    calls.pass();
    List<Integer> due = new ArrayList<>();
    for (long time : new long[] {10, 11, 21, 35}) {
      now[0] = time;
      due.add(counters.counts().dueCalls());
    }
    calls.pass();
    assertEquals(List.of(0, 1, 2, 2), due);
    assertEquals(0, counters.counts().dueCalls());
  }

  @Test
  void aCallbackThatIsStuckIsALagThatGrows() {
    calls.map().observer(counters);
    List<Long> lags = new ArrayList<>();
    ScriptedSocket socket = ScriptedSocket.connected(transport);
    calls
        .dispatcher("a", socket)
        .wants(true, false)
        .on(
            "handleRead",
            d -> {
              lags.add(counters.counts().lagNanos());
              takeNanos(1_000_000);
              lags.add(counters.counts().lagNanos());
            });
    socket.feed("x");
    calls.pass();
    assertTrue(lags.get(0) + 1_000_000 <= lags.get(1), lags::toString);
    assertTrue(lags.get(1) <= counters.counts().lagNanos(), lags::toString);
  }

  @Test
  void anEndedPassIsLongerAndLongerAgo() {
    calls.map().observer(counters);
    calls.dispatcher("a", ScriptedSocket.connected(transport)).wants(false, false);
    calls.pass();
    long first = counters.counts().sincePassNanos();
    takeNanos(1_000_000);
    assertTrue(first + 1_000_000 <= counters.counts().sincePassNanos());
  }

  private static void takeNanos(long nanos) {
    long began = System.nanoTime();
    while (System.nanoTime() - began < nanos) Thread.onSpinWait();
  }

  @Test
  void passesCallbacksAndBytesAreCounted() {
    ScriptedSocket socket = ScriptedSocket.connected(transport).feed("hello").room(4);
    RecordingDispatcher dispatcher = calls.dispatcher("a", socket);
    dispatcher.on("handleRead", d -> d.recv(10)).on("handleWrite", d -> d.send(new byte[9]));
    calls.map().observer(counters);
    calls.pass();
    calls.pass();
    Counts counts = counters.counts();
    assertEquals(2, counts.passes());
    assertEquals(1, counts.callbacks().get(Callback.READ));
    assertEquals(1, counts.callbacks().get(Callback.WRITE));
    assertEquals(0, counts.callbacks().get(Callback.ACCEPT));
    assertEquals(5, counts.bytesReceived());
    assertEquals(4, counts.bytesSent());
    assertTrue(counts.callbackNanos() > 0 && counts.waitNanos() > 0, counts::toString);
  }

  @Test
  void errorsAndConnectionsAreCounted() {
    RecordingDispatcher listener = calls.dispatcher("l", new ScriptedSocket(transport));
    calls.map().observer(counters);
    listener.listen(5);
    ((ScriptedSocket) listener.socket()).offer(ScriptedSocket.connected(transport));
    calls.pass();
    RecordingDispatcher broken =
        calls.dispatcher("b", ScriptedSocket.connected(transport).failRecv(Errno.EIO));
    broken.wants(true, false).on("handleRead", d -> d.recv(1));
    calls.pass();
    assertEquals(1, counters.counts().accepted());
    assertEquals(1, counters.counts().errors());
  }

  @Test
  void bytesThatDispatchersKeepAreQueued() {
    calls.map().observer(counters);
    ScriptedSocket full = ScriptedSocket.connected(transport).room(0);
    DispatcherWithSend sender = new DispatcherWithSend(full, calls.map());
    sender.send(new byte[100]);
    AsyncChat chat = new AsyncChat(ScriptedSocket.connected(transport).room(0), calls.map()) {};
    chat.push(new byte[23]);
    assertEquals(123, counters.counts().bytesQueued());
    sender.close();
    chat.close();
    assertEquals(0, counters.counts().bytesQueued());
  }

  @Test
  void hostedDispatchersAreCounted() {
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new DispatcherHandler(
                (socket, map) -> {
                  map.observer(counters);
                  return new Dispatcher(socket, map) {
                    @Override
                    public boolean writable() {
                      return false;
                    }

                    @Override
                    public void handleRead() {
                      send(recv(100));
                    }
                  };
                }));
    channel.writeInbound(Unpooled.copiedBuffer(new byte[42]));
    channel.runPendingTasks();
    Counts counts = counters.counts();
    channel.finishAndReleaseAll();
    assertEquals(42, counts.bytesReceived());
    assertEquals(42, counts.bytesSent());
    assertEquals(1, counts.callbacks().get(Callback.READ));
    assertEquals(0, counts.passes());
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#inet")
  void realConnectionsAreCounted(Wiring wiring) {
    try (Loopback loopback = new Loopback(wiring)) {
      loopback.map().observer(counters);
      RecordingDispatcher listener = loopback.listener("l");
      loopback.peer(Loopback.addressOf(listener));
      loopback.untilCalled("l handleAccepted");
      listener.accepted().close();
      assertEquals(1, counters.counts().accepted());
      assertEquals(1, counters.counts().callbacks().get(Callback.ACCEPT));
      assertTrue(counters.counts().waitNanos() > 0);
    }
  }
}
