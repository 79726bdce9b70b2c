package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers that have changed hands, and dispatchers that nobody will ever have. */
class StaleDispatchersTest {
  private final ScriptedTransport transport = new ScriptedTransport();
  private final SocketMap map = new SocketMap(transport);
  private final List<String> calls = new ArrayList<>();

  private class Named extends Dispatcher {
    private final String name;
    Runnable onRead = () -> {};

    Named(String name, AsyncSocket socket) {
      super(socket, map);
      this.name = name;
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      calls.add(name + " read");
      onRead.run();
    }

    @Override
    public void handleClose() {
      calls.add(name + " close");
      close();
    }

    @Override
    public void handleConnect() {
      calls.add(name + " connect");
    }

    @Override
    public void handleError(Throwable thrown) {
      calls.add(name + " error");
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void anEventIsTheNewcomersUnlessTheMapGoesByIdentity(boolean byIdentity, boolean usePoll) {
    map.dispatchByIdentity(byIdentity);
    ScriptedSocket first = ScriptedSocket.connected(transport).feed("x");
    ScriptedSocket second = ScriptedSocket.connected(transport).feed("x");
    Named closer = new Named("closer", first);
    Named closed = new Named("closed", second);
    closer.onRead =
        () -> {
          int number = closed.fileno();
          closed.close();
          Named fresh = new Named("fresh", ScriptedSocket.connected(transport));
          assertEquals(number, fresh.fileno());
        };
    Passes.one(map, usePoll);
    List<String> expected =
        byIdentity ? List.of("closer read") : List.of("closer read", "fresh read");
    assertEquals(expected, calls);
    closer.close();
    ((ScriptedSocket) map.values().get(0).socket()).feed("its own");
    Passes.one(map, usePoll);
    assertEquals("fresh read", calls.get(calls.size() - 1)); // Events of its own are its own.
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aDispatcherWithAnotherSocketIsANewcomer(boolean usePoll) {
    map.dispatchByIdentity(true);
    Named closer = new Named("closer", ScriptedSocket.connected(transport).feed("x"));
    Named again = new Named("again", ScriptedSocket.connected(transport).feed("x"));
    closer.onRead =
        () -> {
          again.close();
          again.setSocket(ScriptedSocket.connected(transport));
        };
    Passes.one(map, usePoll);
    assertEquals(List.of("closer read"), calls);
  }

  @Test
  void whoLeavesUnderAnothersNumberIsReported() {
    map.observer(
        new LoopObserver() {
          @Override
          public void evicted(Dispatcher stale, int number, Dispatcher evicted) {
            calls.add(stale + " took " + evicted + " out");
            assertNull(map.get(number));
          }
        });
    Named stale = new Named("stale", ScriptedSocket.connected(transport));
    stale.socket().close(); // Behind its back.
    Named other = new Named("other", ScriptedSocket.connected(transport));
    assertEquals(stale.fileno(), other.fileno());
    stale.close();
    other.close();
    assertEquals(List.of("stale took other out"), calls);
  }

  @Test
  void aConnectionWhoseAddChannelThrowsIsClosed() {
    ScriptedSocket connection = ScriptedSocket.connected(transport);
    ScriptedSocket door = new ScriptedSocket(transport);
    List<Throwable> errors = new ArrayList<>();
    Dispatcher listener =
        new Dispatcher(door, map) {
          @Override
          public boolean writable() {
            return false;
          }

          @Override
          public void handleAccepted(AsyncSocket socket, SocketAddress address) {
            new Dispatcher(socket, map()) {
              private final List<String> early = new ArrayList<>();

              @Override
              public void addChannel(SocketMap ignored) {
                early.add("not there yet");
              }
            }.close();
          }

          @Override
          public void handleError(Throwable thrown) {
            errors.add(thrown);
          }
        };
    listener.listen(1);
    door.offer(connection);
    Passes.one(map, false);
    assertTrue(connection.isClosed());
    assertTrue(errors.get(0) instanceof NullPointerException, errors.toString());
    assertTrue(Asyncore.compactTraceback(errors.get(0)).info().contains("addChannel"));
    assertEquals(List.of(listener), map.values());
    assertEquals(door.fileno(), listener.fileno());
  }

  @Test
  void addChannelWorksAtTheEndOfAConstructorOfOnesOwn() {
    final class Registered extends Dispatcher {
      private final List<String> registered;

      Registered(AsyncSocket socket, SocketMap map) {
        super(map);
        registered = new ArrayList<>();
        setSocket(socket);
        connected(true);
      }

      @Override
      public void addChannel(SocketMap other) {
        registered.add("here");
        super.addChannel(other);
      }
    }

    Registered made = new Registered(ScriptedSocket.connected(transport), map);
    assertEquals(List.of("here"), made.registered);
    assertTrue(made.connected());
    assertThrows(NullPointerException.class, () -> new Registered(null, map));
  }
}
