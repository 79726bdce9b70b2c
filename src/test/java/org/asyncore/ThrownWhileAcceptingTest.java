package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.limits.AcceptLimits;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose a connection is that was accepted in a call that throws. */
class ThrownWhileAcceptingTest {
  private final ScriptedTransport transport = new ScriptedTransport();
  private final SocketMap map = new SocketMap(transport);
  private final SocketMap otherMap = new SocketMap(transport);
  private final ScriptedSocket listening = new ScriptedSocket(transport);
  private final ScriptedSocket first = ScriptedSocket.connected(transport);
  private final ScriptedSocket second = ScriptedSocket.connected(transport);
  private final RuntimeException fault = new IllegalStateException("no room");
  private final List<Throwable> errors = new ArrayList<>();

  /** What is done with a connection before the listener throws. */
  private Consumer<AsyncSocket> use = socket -> {};

  private RuntimeException thrown = fault;

  /** How many connections are served before one is not. */
  private int served;

  /** A listener of a way to accept. */
  private abstract class Listener extends Dispatcher {
    Listener() {
      super(listening, map);
      listen(5);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleError(Throwable error) {
      errors.add(error);
    }

    final void serve(AsyncSocket socket) {
      use.accept(socket);
      if (served-- == 0) throw thrown;
    }
  }

  private final class Default extends Listener {
    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      serve(socket);
    }
  }

  private final class ByHand extends Listener {
    @Override
    public void handleAccept() {
      for (Accepted pair; (pair = accept()) != null; ) serve(pair.socket());
    }
  }

  private final class InReadEvent extends Listener {
    @Override
    public void handleReadEvent() {
      serve(accept().socket());
    }
  }

  private final class Scheduled extends Listener {
    Scheduled() {
      callLater(Duration.ZERO, this::handleAccept);
    }

    @Override
    public boolean readable() {
      return false;
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      serve(socket);
    }
  }

  private Listener listener(String way) {
    return switch (way) {
      case "default" -> new Default();
      case "by hand" -> new ByHand();
      case "in handleReadEvent" -> new InReadEvent();
      case "scheduled" -> new Scheduled();
      case "several a pass" -> {
        Listener listener = new Default();
        AcceptLimits.of(listener).acceptsPerPass(5);
        yield listener;
      }
      default -> throw new IllegalArgumentException(way);
    };
  }

  static Stream<Arguments> ways() {
    List<Arguments> all = new ArrayList<>();
    for (String way :
        List.of("default", "by hand", "in handleReadEvent", "scheduled", "several a pass")) {
      for (boolean usePoll : List.of(false, true)) {
        for (boolean observed : List.of(false, true)) {
          all.add(Arguments.of(way, usePoll, observed));
        }
      }
    }
    return all.stream();
  }

  private void pass(boolean usePoll, boolean observed) {
    if (observed) map.observer(new LoopObserver() {});
    Passes.one(map, usePoll);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aConnectionThatNobodyHasIsClosed(String way, boolean usePoll, boolean observed) {
    listener(way);
    listening.offer(first);
    pass(usePoll, observed);
    assertEquals(List.of(fault), errors);
    assertTrue(first.isClosed());
    assertFalse(listening.isClosed());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void alsoIfTheExceptionLeavesTheLoop(String way, boolean usePoll, boolean observed) {
    thrown = new ExitNow();
    listener(way);
    listening.offer(first);
    assertSame(thrown, assertThrows(ExitNow.class, () -> pass(usePoll, observed)));
    assertTrue(first.isClosed());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void oneThatADispatcherHasStaysOpen(String way, boolean usePoll, boolean observed) {
    use = socket -> new Dispatcher(socket, map);
    listener(way);
    listening.offer(first);
    pass(usePoll, observed);
    assertEquals(List.of(fault), errors);
    assertFalse(first.isClosed());
    assertEquals(2, map.size());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void alsoIfItIsInAnotherMapOrInNone(String way, boolean usePoll, boolean observed) {
    use = socket -> new Dispatcher(socket, otherMap).delChannel(otherMap);
    listener(way);
    listening.offer(first);
    pass(usePoll, observed);
    assertFalse(first.isClosed());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void oneThatWasClosedIsLeftAlone(String way, boolean usePoll, boolean observed) {
    use = AsyncSocket::close;
    listener(way);
    listening.offer(first);
    pass(usePoll, observed);
    assertEquals(List.of(fault), errors);
    assertEquals(0, fault.getSuppressed().length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"by hand", "several a pass"})
  void onesThatWereDealtWithBeforeStayOpen(String way) {
    served = 1;
    listener(way);
    listening.offer(first).offer(second);
    Passes.one(map, false);
    assertEquals(List.of(fault), errors);
    assertFalse(first.isClosed(), "stored somewhere, it is not the last one");
    assertTrue(second.isClosed());
  }

  @Test
  void aHalfMadeDispatcherStaysInTheMap() {
    use =
        socket ->
            new Dispatcher(socket, map) {
              {
                if (connected()) throw fault;
              }
            };
    listener("default");
    listening.offer(first);
    Passes.one(map, false);
    assertEquals(List.of(fault), errors);
    assertFalse(first.isClosed());
    assertEquals(2, map.size());
  }

  @Test
  void handleAcceptByHandOutsideOfAnyCallback() {
    Listener listener = listener("default");
    listening.offer(first);
    assertSame(fault, assertThrows(IllegalStateException.class, listener::handleAccept));
    assertTrue(first.isClosed());
  }

  @Test
  void whatIsAcceptedByHandOutsideOfACallbackIsTheCallers() {
    Listener listener = listener("default");
    listening.offer(first);
    AsyncSocket mine = listener.accept().socket();
    listening.offer(second);
    Passes.one(map, false);
    assertSame(first, mine);
    assertFalse(first.isClosed());
    assertTrue(second.isClosed());
  }

  @Test
  void aPassInsideOfTheCallbackKeepsApartWhoseIsWhose() {
    served = 1;
    use =
        socket -> {
          use = another -> new Dispatcher(another, map);
          if (socket != first) return;
          listening.offer(second);
          Passes.one(map, false);
        };
    listener("default");
    listening.offer(first);
    Passes.one(map, false);
    assertEquals(List.of(fault), errors);
    assertTrue(first.isClosed(), "the outer callback threw");
    assertFalse(second.isClosed(), "a dispatcher has it");
  }

  @Test
  void aCloseThatFailsGoesWithTheException() {
    OsException failed = new OsException(Errno.EIO);
    listener("default").acceptPolicy(giving(failing(first, failed)));
    listening.offer(first);
    Passes.one(map, false);
    assertEquals(List.of(failed), List.of(errors.get(0).getSuppressed()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSocketThatKnowsNoHolderIsTakenByADispatcherInTheMap(boolean isTaken) {
    AsyncSocket plain = failing(first, null);
    if (isTaken) use = socket -> new Dispatcher(socket, map);
    Listener listener = listener("default");
    listener.acceptPolicy(giving(plain));
    Asyncore.read(listener);
    assertEquals(!isTaken, first.isClosed());
  }

  /** The socket, without its holder, and with a close that throws this; null for nothing. */
  private static AsyncSocket failing(ScriptedSocket socket, RuntimeException failure) {
    return (AsyncSocket)
        Proxy.newProxyInstance(
            AsyncSocket.class.getClassLoader(),
            new Class<?>[] {AsyncSocket.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("equals")) return proxy == arguments[0];
              if (failure != null && method.getName().equals("close")) throw failure;
              return method.invoke(socket, arguments);
            });
  }

  private AcceptPolicy giving(AsyncSocket socket) {
    return new AcceptPolicy() {
      @Override
      public boolean accepts() {
        return true;
      }

      @Override
      public void handleReadEvent(Dispatcher listener) {
        listener.handleAccept();
      }

      @Override
      public Accepted accept(AsyncSocket socketOfIt) {
        return new Accepted(socket, ScriptedSocket.address(1));
      }

      @Override
      public boolean acceptFailed(OsException error) {
        return false;
      }
    };
  }
}
