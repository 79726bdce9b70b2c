package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.Logged;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** An observer that throws harms nobody: whatever it is told, wherever. */
class ThrowingObserverTest {
  private static final List<String> METHODS =
      List.of(
          "passStarted",
          "wantsAsked",
          "asked",
          "wantsWaits",
          "waited",
          "passEnded",
          "callbackStarted",
          "wantsDurations",
          "callbackEnded",
          "failed",
          "received",
          "sent",
          "accepted",
          "acceptFailed",
          "opened",
          "closed");

  private final Logged logged = new Logged();
  private final List<String> told = new ArrayList<>();

  @AfterEach
  void close() {
    logged.close();
  }

  static Stream<Arguments> methodsAndOrders() {
    return METHODS.stream()
        .flatMap(method -> Stream.of(Arguments.of(method, false), Arguments.of(method, true)));
  }

  @ParameterizedTest
  @MethodSource("methodsAndOrders")
  void aPassDoesWhatItDoesWithoutAnObserver(String method, boolean usePoll) {
    List<String> without = passes(null, usePoll);
    assertEquals(without, passes(new Throwing(method, new IllegalStateException("x")), usePoll));
    assertLoggedOnce();
  }

  @ParameterizedTest
  @MethodSource("methodsAndOrders")
  void theOtherOneOfTwoIsToldAll(String method, boolean usePoll) {
    passes(new Teller(), usePoll);
    List<String> alone = List.copyOf(told);
    for (boolean isFirst : List.of(true, false)) {
      told.clear();
      LoopObserver throwing = new Throwing(method, new AssertionError("x"));
      LoopObserver teller = new Teller();
      passes(isFirst ? throwing.andThen(teller) : teller.andThen(throwing), usePoll);
      assertEquals(alone, told);
    }
  }

  @ParameterizedTest
  @MethodSource("methodsAndOrders")
  void whatLeavesALoopLeavesItAndTheNextPassIsNoNestedOne(String method, boolean usePoll) {
    ExitNow exit = new ExitNow();
    CallLog calls = new CallLog(new ScriptedTransport());
    RecordingDispatcher dispatcher = busy(calls);
    LoopObserver throwing = new Throwing(method, exit);
    calls.map().observer(throwing);
    assertSame(exit, assertThrows(ExitNow.class, () -> everything(calls, dispatcher, usePoll)));
    calls.map().observer(null);
    calls.dispatcher("b", ScriptedSocket.connected((ScriptedTransport) calls.map().transport()));
    calls.map().observer(new Teller());
    pass(calls, usePoll);
    assertEquals("passStarted 0", told.get(0));
    assertEquals(List.of(), logged.lines());
  }

  @ParameterizedTest
  @FieldSource("METHODS")
  void outsideOfAPassCallsGiveWhatTheyGive(String method) {
    List<String> without = outside(null);
    assertEquals(without, outside(new Throwing(method, new IllegalStateException("x"))));
  }

  @Test
  void aClassIsLoggedOnceAndAnotherOneToo() {
    LoopObserver first = new Throwing("passStarted", new IllegalStateException("x"));
    LoopObserver again = new Throwing("passEnded", new IllegalStateException("y"));
    LoopObserver other =
        new LoopObserver() {
          @Override
          public void passEnded(SocketMap map) {
            throw new IllegalStateException("z");
          }
        };
    passes(first.andThen(again).andThen(other), false);
    List<String> lines = logged.lines();
    assertEquals(2, lines.size(), lines::toString);
    assertTrue(lines.get(0).contains(Throwing.class.getName()), lines::toString);
    assertTrue(lines.get(1).contains(other.getClass().getName()), lines::toString);
  }

  @Test
  void aLineThatTheLoggerDoesNotTakeIsOwed() {
    logged.failing(1);
    passes(new Throwing("passStarted", new IllegalStateException("x")), false);
    assertLoggedOnce();
  }

  @Test
  void theObserverStaysAsItWasSet() {
    SocketMap map = new SocketMap(new ScriptedTransport());
    LoopObserver observer = new Throwing("passStarted", new IllegalStateException("x"));
    map.observer(observer);
    assertSame(observer, map.observer());
    map.observer(null);
    assertSame(null, map.observer());
  }

  private void assertLoggedOnce() {
    List<String> lines = logged.lines();
    assertEquals(1, lines.size(), lines::toString);
    assertTrue(lines.get(0).startsWith("WARNING: observer " + Throwing.class.getName()));
  }

  // --- what is observed ---

  private List<String> passes(LoopObserver observer, boolean usePoll) {
    CallLog calls = new CallLog(new ScriptedTransport());
    RecordingDispatcher dispatcher = busy(calls);
    calls.map().observer(observer);
    everything(calls, dispatcher, usePoll);
    return calls;
  }

  /** A connection whose callbacks receive, send and fail. */
  private static RecordingDispatcher busy(CallLog calls) {
    ScriptedTransport transport = (ScriptedTransport) calls.map().transport();
    ScriptedSocket socket = ScriptedSocket.connected(transport).feed("hello").room(4);
    RecordingDispatcher dispatcher = calls.dispatcher("a", socket);
    dispatcher
        .on("handleRead", d -> calls.add("received " + d.recv(10).length))
        .on(
            "handleWrite",
            d -> {
              calls.add("sent " + d.send(new byte[7]));
              throw new IllegalStateException("a fault of its own");
            });
    return dispatcher;
  }

  /** Passes in which an observer is told all that there is. */
  private static void everything(CallLog calls, RecordingDispatcher dispatcher, boolean usePoll) {
    ScriptedTransport transport = (ScriptedTransport) calls.map().transport();
    pass(calls, usePoll);
    calls.add("closed " + (dispatcher.fileno() < 0));
    ScriptedSocket listening = transport.prepare();
    RecordingDispatcher listener = calls.dispatcher("l", null);
    listener.createSocket();
    listener.listen(5);
    listening.offer(ScriptedSocket.connected(transport));
    pass(calls, usePoll);
    listening.failAccept(Errno.EMFILE);
    pass(calls, usePoll);
    calls.add("left " + calls.map().size());
  }

  private static void pass(CallLog calls, boolean usePoll) {
    if (usePoll) calls.pollPass();
    else calls.pass();
  }

  /** The same by hand. */
  private static List<String> outside(LoopObserver observer) {
    ScriptedTransport transport = new ScriptedTransport();
    SocketMap map = new SocketMap(transport);
    map.observer(observer);
    List<String> results = new ArrayList<>();
    Dispatcher dispatcher =
        new Dispatcher(ScriptedSocket.connected(transport).feed("hello").room(4), map) {
          @Override
          public void handleError(Throwable thrown) {
            results.add("handleError " + thrown.getMessage());
          }
        };
    results.add("received " + dispatcher.recv(10).length);
    results.add("sent " + dispatcher.send(new byte[7]));
    results.add("asks " + Callbacks.ask(dispatcher));
    Callbacks.call(
        dispatcher,
        Callback.SCHEDULED,
        () -> {
          throw new IllegalStateException("by hand");
        });
    ScriptedSocket listening = new ScriptedSocket(transport);
    Dispatcher listener = new Dispatcher(listening, map);
    listener.listen(5);
    listening.offer(ScriptedSocket.connected(transport));
    results.add("accepted " + (listener.accept() != null));
    listening.failAccept(Errno.EMFILE);
    assertThrows(OsException.class, listener::accept);
    dispatcher.close();
    results.add("closed " + (dispatcher.socket().fileno() < 0) + ", left " + map.size());
    return results;
  }

  // --- who looks on ---

  /** Throws in one of its methods. */
  private static final class Throwing implements LoopObserver {
    private final String method;
    private final Throwable thrown;

    Throwing(String method, Throwable thrown) {
      this.method = method;
      this.thrown = thrown;
    }

    private void told(String told) {
      if (told.equals(method)) ThrowingObserverTest.<RuntimeException>sneak(thrown);
    }

    @Override
    public void passStarted(SocketMap map, int depth) {
      told("passStarted");
    }

    @Override
    public boolean wantsAsked() {
      told("wantsAsked");
      return true;
    }

    @Override
    public void asked(Dispatcher dispatcher, boolean readable, boolean writable) {
      told("asked");
    }

    @Override
    public boolean wantsWaits(SocketMap map) {
      told("wantsWaits");
      return true;
    }

    @Override
    public void waited(SocketMap map, int interested, int ready, long waitNanos) {
      told("waited");
    }

    @Override
    public void passEnded(SocketMap map) {
      told("passEnded");
    }

    @Override
    public void callbackStarted(Dispatcher dispatcher, Callback callback) {
      told("callbackStarted");
    }

    @Override
    public boolean wantsDurations() {
      told("wantsDurations");
      return true;
    }

    @Override
    public void callbackEnded(Dispatcher dispatcher, Callback callback, long nanos) {
      told("callbackEnded");
    }

    @Override
    public void failed(Dispatcher dispatcher, Throwable error) {
      told("failed");
    }

    @Override
    public void received(Dispatcher dispatcher, int byteCount, int room) {
      told("received");
    }

    @Override
    public void sent(Dispatcher dispatcher, int byteCount, int offered) {
      told("sent");
    }

    @Override
    public void accepted(Dispatcher listener, Accepted connection) {
      told("accepted");
    }

    @Override
    public void acceptFailed(Dispatcher listener, OsException error) {
      told("acceptFailed");
    }

    @Override
    public void opened(Dispatcher dispatcher) {
      told("opened");
    }

    @Override
    public void closed(Dispatcher dispatcher) {
      told("closed");
    }
  }

  /** Throws anything, as compiled code may. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }

  /** Writes down what it is told. */
  private final class Teller implements LoopObserver {
    @Override
    public void passStarted(SocketMap map, int depth) {
      told.add("passStarted " + depth);
    }

    @Override
    public void passEnded(SocketMap map) {
      told.add("passEnded");
    }

    @Override
    public boolean wantsAsked() {
      return true;
    }

    @Override
    public void asked(Dispatcher dispatcher, boolean readable, boolean writable) {
      told.add("asked " + readable + " " + writable);
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
    public void failed(Dispatcher dispatcher, Throwable error) {
      told.add("failed " + CallLog.nameOf(error));
    }

    @Override
    public void received(Dispatcher dispatcher, int byteCount, int room) {
      told.add("received " + byteCount);
    }

    @Override
    public void sent(Dispatcher dispatcher, int byteCount, int offered) {
      told.add("sent " + byteCount);
    }

    @Override
    public void accepted(Dispatcher listener, Accepted connection) {
      told.add("accepted");
    }

    @Override
    public void acceptFailed(Dispatcher listener, OsException error) {
      told.add("acceptFailed");
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
