package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.OsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an observer is told, in which order, and that it changes nothing. */
class LoopObserverTest {
  private final ScriptedTransport transport = new ScriptedTransport();
  private final CallLog calls = new CallLog(transport);
  private final ScriptedSocket socket = ScriptedSocket.connected(transport);
  private final RecordingDispatcher dispatcher = calls.dispatcher("a", socket);
  private final List<String> told = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPassIsToldFromItsBeginToItsEnd(boolean usePoll) {
    calls.map().observer(new Teller(told, false));
    socket.feed("hello");
    dispatcher.on("handleRead", d -> d.recv(3)).on("handleWrite", d -> d.send(new byte[7]));
    socket.room(4);
    Passes.one(calls.map(), usePoll);
    assertEquals(
        List.of(
            "passStarted 0",
            "waited 1 1",
            "callbackStarted READ",
            "received 3 of 3",
            "callbackEnded READ",
            "callbackStarted WRITE",
            "sent 4 of 7",
            "callbackEnded WRITE",
            "passEnded"),
        told);
    assertEquals(List.of("a handleRead", "a handleWrite"), calls);
  }

  @Test
  void predicatesAreToldToWhoeverWantsThem() {
    calls.map().observer(new Teller(told, true));
    dispatcher.wants(false, false);
    calls.pass();
    assertEquals(List.of("passStarted 0", "asked false false", "waited 0 0", "passEnded"), told);
  }

  @Test
  void anExceptionIsToldBeforeHandleErrorWhichIsACallback() {
    calls.map().observer(new Teller(told, false));
    dispatcher
        .wants(true, false)
        .on(
            "handleRead",
            d -> {
              throw new IllegalStateException("broken");
            });
    socket.feed("x");
    calls.pass();
    assertEquals(
        List.of(
            "passStarted 0",
            "waited 1 1",
            "callbackStarted READ",
            "callbackEnded READ",
            "failed IllegalStateException",
            "callbackStarted ERROR",
            "closed",
            "callbackEnded ERROR",
            "passEnded"),
        told);
  }

  @Test
  void theEndOfAStreamIsReceivedWithoutBytes() {
    calls.map().observer(new Teller(told, false));
    dispatcher.wants(true, false).on("handleRead", d -> d.recv(10));
    socket.end();
    calls.pass();
    assertTrue(told.contains("received 0 of 10"), told::toString);
    assertTrue(told.contains("closed"), told::toString);
  }

  @Test
  void aHangUpIsACallbackOfItsOwn() {
    calls.map().observer(new Teller(told, false));
    dispatcher.wants(false, true);
    socket.room(0).hangUp();
    calls.pollPass();
    assertTrue(told.contains("callbackStarted CLOSE"), told::toString);
  }

  @Test
  void connectingAndAcceptingAreTold() {
    dispatcher.close();
    RecordingDispatcher listener = calls.dispatcher("l", new ScriptedSocket(transport));
    calls.map().observer(new Teller(told, false));
    listener.listen(5);
    ((ScriptedSocket) listener.socket()).offer(ScriptedSocket.connected(transport));
    calls.pass();
    assertTrue(
        told.containsAll(List.of("callbackStarted ACCEPT", "accepted", "callbackEnded ACCEPT")),
        told::toString);
    told.clear();
    listener.close();
    transport.prepare();
    RecordingDispatcher client = calls.dispatcher("c", null);
    client.createSocket();
    client.connect(ScriptedSocket.address(9));
    calls.pass();
    assertTrue(told.containsAll(List.of("opened", "callbackStarted CONNECT")), told::toString);
  }

  @Test
  void aPassInsideACallbackSaysHowDeepItIs() {
    calls.map().observer(new Teller(told, false));
    dispatcher.wants(false, true).on("handleWrite", d -> nested());
    calls.pass();
    assertEquals(
        List.of("passStarted 0", "passStarted 1", "passEnded", "passEnded"),
        told.stream().filter(line -> line.startsWith("pass")).toList());
  }

  private void nested() {
    dispatcher.wants(false, false);
    calls.pass();
  }

  @Test
  void aPassThatAnExceptionEndsHasEnded() {
    calls.map().observer(new Teller(told, false));
    dispatcher
        .wants(true, false)
        .on(
            "handleRead",
            d -> {
              throw new ExitNow();
            });
    socket.feed("x");
    assertThrows(ExitNow.class, calls::pass);
    assertEquals("passEnded", told.get(told.size() - 1));
  }

  @Test
  void whatAnExceptionPrintsIsTheSameWithAndWithoutAnObserver() {
    List<String> traces = new ArrayList<>();
    dispatcher
        .wants(true, false)
        .on(
            "handleRead",
            d -> {
              try {
                throw new IllegalStateException("broken");
              } catch (IllegalStateException broken) {
                traces.add(Asyncore.compactTraceback(broken).info());
              }
            });
    socket.feed("x");
    calls.pass();
    calls.map().observer(new LoopObserver() {});
    calls.pass();
    assertEquals(withoutLines(traces.get(0)), withoutLines(traces.get(1)));
  }

  private static String withoutLines(String trace) {
    return trace.replaceAll("\\d+", "");
  }

  @Test
  void twoObserversAreToldOneAfterTheOther() {
    List<String> second = new ArrayList<>();
    calls.map().observer(new Teller(told, false).andThen(new Teller(second, true)));
    dispatcher.wants(false, false);
    calls.pass();
    assertEquals(List.of("passStarted 0", "waited 0 0", "passEnded"), told);
    assertEquals(List.of("passStarted 0", "asked false false", "waited 0 0", "passEnded"), second);
  }

  @Test
  void callbacksAreTimedForWhoeverWantsDurations() {
    List<Long> without = new ArrayList<>();
    List<Long> with = new ArrayList<>();
    dispatcher.wants(false, true);
    calls.map().observer(new Timer(without, false));
    calls.pass();
    calls.map().observer(new Timer(without, false).andThen(new Timer(with, true)));
    calls.pass();
    assertEquals(0L, without.get(0));
    assertTrue(with.get(0) > 0, with::toString);
  }

  private record Timer(List<Long> told, boolean wantsDurations) implements LoopObserver {
    @Override
    public void callbackEnded(Dispatcher dispatcher, Callback callback, long nanos) {
      told.add(nanos);
    }
  }

  @Test
  void waitsAreTimedForWhoeverWantsThem() {
    List<Long> without = new ArrayList<>();
    List<Long> with = new ArrayList<>();
    dispatcher.wants(false, false);
    calls.map().observer(new Waiter(without, false));
    calls.pass();
    calls.map().observer(new Waiter(without, false).andThen(new Waiter(with, true)));
    calls.pass();
    assertEquals(0L, without.get(0));
    assertTrue(with.get(0) > 0, with::toString);
  }

  private record Waiter(List<Long> told, boolean wants) implements LoopObserver {
    @Override
    public boolean wantsWaits(SocketMap map) {
      return wants;
    }

    @Override
    public void waited(SocketMap map, int interested, int ready, long waitNanos) {
      told.add(waitNanos);
    }
  }

  @Test
  void anObserverThatIsTakenAwayIsToldNoMore() {
    calls.map().observer(new Teller(told, false));
    calls.map().observer(null);
    calls.pass();
    assertEquals(List.of(), told);
    assertFalse(calls.isEmpty());
  }

  /** Writes down what it is told, without figures that differ from run to run. */
  private record Teller(List<String> told, boolean wantsAsked) implements LoopObserver {
    @Override
    public void passStarted(SocketMap map, int depth) {
      told.add("passStarted " + depth);
    }

    @Override
    public void asked(Dispatcher dispatcher, boolean readable, boolean writable) {
      told.add("asked " + readable + " " + writable);
    }

    @Override
    public void waited(SocketMap map, int interested, int ready, long waitNanos) {
      told.add("waited " + interested + " " + ready);
    }

    @Override
    public void passEnded(SocketMap map) {
      told.add("passEnded");
    }

    @Override
    public void callbackStarted(Dispatcher dispatcher, Callback callback) {
      told.add("callbackStarted " + callback);
    }

    @Override
    public void callbackEnded(Dispatcher dispatcher, Callback callback, long nanos) {
      told.add("callbackEnded " + callback);
    }

    @Override
    public void failed(Dispatcher dispatcher, Throwable thrown) {
      told.add("failed " + thrown.getClass().getSimpleName());
    }

    @Override
    public void received(Dispatcher dispatcher, int byteCount, int room) {
      told.add("received " + byteCount + " of " + room);
    }

    @Override
    public void sent(Dispatcher dispatcher, int byteCount, int offered) {
      told.add("sent " + byteCount + " of " + offered);
    }

    @Override
    public void accepted(Dispatcher listener, Accepted connection) {
      told.add("accepted");
    }

    @Override
    public void acceptFailed(Dispatcher listener, OsException error) {
      told.add("acceptFailed " + error.errno().name());
    }

    @Override
    public void opened(Dispatcher dispatcher) {
      told.add("opened");
    }

    @Override
    public void closed(Dispatcher dispatcher) {
      told.add("closed");
    }
  }
}
