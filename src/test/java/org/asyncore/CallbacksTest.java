package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where what a callback throws goes, who hears of it, and what handleError prints of the way. */
class CallbacksTest {
  private enum Fault {
    BROKEN,
    EXCEPTION,
    ERROR,
    EXIT;

    Throwable make() {
      return switch (this) {
        case BROKEN -> new OsException(Errno.ECONNRESET);
        case EXCEPTION -> new IllegalStateException("an exception");
        case ERROR -> new AssertionError("an error");
        case EXIT -> new ExitNow();
      };
    }
  }

  /**
   * A way to call a dispatcher, and the method that it reaches.
   *
   * @param function the function of asyncore that it is; null for none
   * @param closesBroken whether a broken connection goes to handleClose
   */
  private record Way(
      Callback callback,
      String method,
      String function,
      boolean closesBroken,
      Consumer<Dispatcher> call) {
    static List<Way> all() {
      return List.of(
          new Way(Callback.READ, "handleRead", "read", false, Asyncore::read),
          new Way(Callback.WRITE, "handleWrite", "write", false, Asyncore::write),
          new Way(Callback.URGENT, "handleExpt", "exception", false, Asyncore::exception),
          new Way(
              Callback.READ,
              "handleRead",
              "readwrite",
              true,
              dispatcher -> Asyncore.readwrite(dispatcher, Readiness.IN)),
          ours(Callback.CONNECT, true),
          ours(Callback.USER_EVENT, true),
          ours(Callback.SCHEDULED, false),
          ours(Callback.STOP, false));
    }

    private static Way ours(Callback callback, boolean closesBroken) {
      return new Way(
          callback,
          "handleRead",
          null,
          closesBroken,
          dispatcher -> Callbacks.call(dispatcher, callback, dispatcher::handleRead));
    }

    @Override
    public String toString() {
      return callback + (function == null ? "" : " by " + function);
    }
  }

  private final ScriptedTransport transport = new ScriptedTransport();
  private final CallLog calls = new CallLog(transport);
  private final ScriptedSocket socket = ScriptedSocket.connected(transport);
  private final RecordingDispatcher dispatcher = calls.dispatcher("a", socket);
  private final List<String> told = new ArrayList<>();

  static Stream<Arguments> waysAndFaults() {
    List<Arguments> all = new ArrayList<>();
    for (Way way : Way.all()) {
      for (Fault fault : Fault.values()) {
        all.add(Arguments.of(way, fault, false));
        all.add(Arguments.of(way, fault, true));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("waysAndFaults")
  void whatIsThrownGoesWhereTheTableSays(Way way, Fault fault, boolean observed) {
    if (observed) calls.map().observer(new Teller(told));
    Throwable thrown = fault.make();
    dispatcher.on(way.method, d -> sneak(thrown)).on("handleError", d -> {});
    dispatcher.on("handleClose", d -> {});
    List<String> expected = new ArrayList<>(List.of("a " + way.method));
    List<String> heard = new ArrayList<>(List.of(way.callback + " begins", way.callback + " ends"));
    if (fault == Fault.EXIT) {
      assertSame(thrown, assertThrows(ExitNow.class, () -> way.call.accept(dispatcher)));
    } else {
      way.call.accept(dispatcher);
      boolean closes = fault == Fault.BROKEN && way.closesBroken;
      String name = CallLog.nameOf(thrown);
      expected.add(closes ? "a handleClose" : "a handleError " + name);
      if (!closes) heard.add("failed " + name);
      heard.add(closes ? "CLOSE begins" : "ERROR begins");
      heard.add(closes ? "CLOSE ends" : "ERROR ends");
    }
    assertEquals(expected, calls);
    assertEquals(observed ? heard : List.of(), told);
  }

  static Stream<Arguments> waysAndObservers() {
    return Way.all().stream()
        .flatMap(way -> Stream.of(Arguments.of(way, false), Arguments.of(way, true)));
  }

  @ParameterizedTest
  @MethodSource("waysAndObservers")
  void whatHandleErrorThrowsIsTheCallersAndIsToldToEnd(Way way, boolean observed) {
    if (observed) calls.map().observer(new Teller(told));
    Throwable error = Fault.ERROR.make();
    dispatcher.on(way.method, d -> sneak(Fault.EXCEPTION.make()));
    dispatcher.on("handleError", d -> sneak(error));
    assertSame(error, assertThrows(AssertionError.class, () -> way.call.accept(dispatcher)));
    if (observed) assertEquals("ERROR ends", told.get(told.size() - 1));
  }

  @ParameterizedTest
  @MethodSource("waysAndObservers")
  void theTraceBeginsWhereAsyncoreCatches(Way way, boolean observed) {
    if (observed) calls.map().observer(new Teller(told));
    List<String> infos = new ArrayList<>();
    dispatcher.on(
        way.method,
        d -> infos.add(Asyncore.compactTraceback(new IllegalStateException("here")).info()));
    way.call.accept(dispatcher);
    String info = infos.get(0);
    assertFalse(info.contains("Callbacks.java"), info);
    String begin = "[Asyncore.java|" + way.function + "|";
    assertEquals(way.function != null, info.startsWith(begin), info);
    assertFalse(info.contains("|theTraceBegins"), info);
  }

  @Test
  void anErrorFoundInsideACallbackIsNoCallbackOfItsOwn() {
    calls.map().observer(new Teller(told));
    dispatcher
        .on("handleError", d -> {})
        .on("handleRead", d -> Callbacks.found(d, Fault.EXCEPTION.make()));
    Asyncore.read(dispatcher);
    assertEquals(List.of("READ begins", "failed IllegalStateException", "READ ends"), told);
    assertEquals(List.of("a handleRead", "a handleError IllegalStateException"), calls);
  }

  @Test
  void askingTellsWhoeverWantsToHearIt() {
    dispatcher.wants(true, false);
    assertEquals(Readiness.IN, Callbacks.ask(dispatcher));
    calls.map().observer(new Teller(told));
    assertEquals(Readiness.IN, Callbacks.ask(dispatcher));
    dispatcher.wants(false, true);
    assertEquals(Readiness.OUT, Callbacks.ask(dispatcher));
    assertEquals(List.of("asked true false", "asked false true"), told);
  }

  /** Throws anything, as compiled code may. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }

  private record Teller(List<String> told) implements LoopObserver {
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
      told.add(callback + " begins");
    }

    @Override
    public void callbackEnded(Dispatcher dispatcher, Callback callback, long nanos) {
      told.add(callback + " ends");
    }

    @Override
    public void failed(Dispatcher dispatcher, Throwable thrown) {
      told.add("failed " + CallLog.nameOf(thrown));
    }
  }
}
