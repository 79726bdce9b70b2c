package org.asyncore;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.asyncore.fixture.CallLog;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Held;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Forms that Python's default arguments give, and what happens to a socket that is replaced. */
class ShortFormsTest {
  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void createSocketTwiceClosesTheFirstAndKeepsItsKey(Wiring wiring) {
    try (Loopback loopback = new Loopback(wiring)) {
      Loopback.Linked linked = loopback.link("d");
      RecordingDispatcher dispatcher = linked.dispatcher();
      AsyncSocket first = dispatcher.socket();
      int number = first.fileno();
      dispatcher.createSocket();
      assertEquals(-1, first.fileno());
      assertEquals("closed", linked.peer().receiveAll().then());
      assertEquals(List.of(dispatcher, dispatcher), loopback.map().values());
      assertEquals(dispatcher, loopback.map().get(number));
      loopback.map().remove(number);
    }
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void aSocketThatSomebodyElseHoldsIsNotClosed(Wiring wiring) {
    try (Loopback loopback = new Loopback(wiring)) {
      RecordingDispatcher dispatcher = loopback.fresh("d");
      AsyncSocket first = dispatcher.socket();
      ((Held) first).holder((before, now) -> {});
      dispatcher.createSocket();
      assertTrue(first.fileno() >= 0);
      loopback.map().remove(first.fileno());
      first.close();
    }
  }

  private interface Form {
    void serve() throws InterruptedException;
  }

  @Test
  void eachShortFormServesTheDefaultMap() throws InterruptedException {
    List<Form> forms =
        List.of(
            Asyncore::poll,
            () -> Asyncore.poll(0),
            Asyncore::poll2,
            () -> Asyncore.poll2(0),
            Asyncore::loop,
            () -> Asyncore.loop(0),
            () -> Asyncore.loop(0, true));
    for (Form form : forms) {
      CallLog calls = CallLog.of(new ScriptedSocket().feed("a"));
      calls.dispatcher().on("handleRead", Dispatcher::close);
      SocketMap before = Asyncore.socketMap();
      Asyncore.socketMap(calls.map());
      try {
        form.serve();
      } finally {
        Asyncore.socketMap(before);
      }
      assertTrue(calls.map().isEmpty());
    }
  }

  @Test
  void closeAllTakesAMapAlone() throws InterruptedException {
    CallLog calls = CallLog.of(new ScriptedSocket());
    Asyncore.closeAll(calls.map());
    assertTrue(calls.map().isEmpty());
  }

  @Test
  void aSocketSendsAWholeArrayAndNeverBlocks() {
    ScriptedSocket socket = ScriptedSocket.connected();
    assertEquals(3, socket.send("abc".getBytes(US_ASCII)));
    assertEquals("abc", socket.sent());
    socket.setblocking(false);
    String refusal =
        assertThrows(UnsupportedOperationException.class, () -> socket.setblocking(true))
            .getMessage();
    assertTrue(refusal.startsWith("setblocking(true): "), refusal);
  }

  @Test
  void theLimitsExceptionsHaveOneParent() {
    DispatcherWithSend dispatcher =
        new DispatcherWithSend(new ScriptedSocket(), new SocketMap(new ScriptedTransport())) {
          @Override
          public void handleError(Throwable thrown) {
            LimitException limit = assertInstanceOf(LimitException.class, thrown);
            assertEquals(4, limit.byteCount());
            assertEquals(3, limit.limit());
          }
        };
    dispatcher.maxOutBuffer(3);
    assertEquals(0, dispatcher.send(new byte[4]));
  }
}
