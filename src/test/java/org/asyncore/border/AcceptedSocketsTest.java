package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Passes;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.AsyncSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A socket that was accepted and that nobody took is closed, as Python closes it. */
class AcceptedSocketsTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  /** Who throws while nobody has the socket yet. */
  enum Thrower {
    HANDLE_ACCEPTED,
    HANDLE_ACCEPTED_AN_ERROR,
    /** Of a handleAccept that accepts by itself. */
    HANDLE_ACCEPT,
    /** Of a dispatcher, before that of the library's. */
    CONSTRUCTOR,
    /** Behind that: it is in its map by then. */
    CONSTRUCTOR_AT_ITS_END,
    /** The same, of a class that extends it. */
    CONSTRUCTOR_OF_SUBCLASS
  }

  record Case(Row row, Thrower thrower) {}

  static Stream<Case> cases() {
    return Row.of(Mode.LOOP)
        .flatMap(row -> Stream.of(Thrower.values()).map(thrower -> new Case(row, thrower)));
  }

  private static final class Door extends Dispatcher {
    private final Thrower thrower;
    private final List<String> told = new ArrayList<>();
    private boolean throwsNoMore;
    private AsyncSocket kept;

    Door(SocketMap map, Thrower thrower) {
      super(map);
      this.thrower = thrower;
      createSocket();
      bind(ANY_PORT);
      listen(5);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleAccept() {
      if (thrower != Thrower.HANDLE_ACCEPT) {
        super.handleAccept();
        return;
      }
      Accepted pair = accept();
      if (pair == null) return;
      if (!throwsNoMore) throw new IllegalStateException("no room");
      kept = pair.socket();
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      kept = null;
      if (!throwsNoMore) {
        switch (thrower) {
          case HANDLE_ACCEPTED -> throw new IllegalStateException("no room");
          case HANDLE_ACCEPTED_AN_ERROR -> throw new AssertionError("no room");
          case CONSTRUCTOR -> new Dispatcher(refuse(socket), map());
          case CONSTRUCTOR_AT_ITS_END -> new HalfMade(socket, map());
          case CONSTRUCTOR_OF_SUBCLASS -> new HalfMade(socket, map()) {};
          case HANDLE_ACCEPT -> {}
        }
      }
      kept = socket;
    }

    private static AsyncSocket refuse(AsyncSocket socket) {
      throw new IllegalStateException("no room for " + socket.fileno());
    }

    @Override
    public void handleError(Throwable thrown) {
      told.add(String.valueOf(thrown.getMessage()));
    }
  }

  /** Whoever called it would find its field null. */
  private static class HalfMade extends Dispatcher {
    private final String name;

    HalfMade(AsyncSocket socket, SocketMap map) {
      super(socket, map);
      name = refuse(socket).toString();
    }

    private static AsyncSocket refuse(AsyncSocket socket) {
      throw new IllegalStateException("no room for " + socket.fileno());
    }

    @Override
    public boolean readable() {
      return !name.isEmpty();
    }

    @Override
    public void close() {
      throw new AssertionError("nobody has it: " + name.length());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aSocketThatNobodyTookIsClosedAndTheListenerGoesOn(Case tried) throws Exception {
    tried.row.assumeAvailable();
    SocketMap map = new SocketMap(tried.row.transport());
    Door door = new Door(map, tried.thrower);
    SocketAddress address = door.socket().getsockname();
    try (Remote first = Remote.to(address);
        Remote second = Remote.to(address)) {
      first.start(false);
      boolean usePoll = tried.row.usePoll();
      Passes.until(map, usePoll, () -> !door.told.isEmpty(), "word of it", door.told);
      door.throwsNoMore = true;
      Passes.until(map, usePoll, () -> first.end() != null, "end of the first", door.told);
      Passes.until(map, usePoll, () -> door.kept != null, "second", door.told);
      assertTrue(door.fileno() >= 0, "the listener is open");
      assertEquals(List.of(door), map.values());
      assertEquals(1, door.told.size(), door.told::toString);
      second.start(false);
      door.kept.send(Bytes.of(0, 3), 0, 3);
      Passes.until(map, usePoll, () -> second.receivedCount() == 3, "bytes", door.told);
      door.kept.close();
    } finally {
      Asyncore.closeAll(map, true);
    }
  }

  /** As in asyncore: it is whole, and its connection its own. */
  @ParameterizedTest
  @MethodSource("rows")
  void aDispatcherThatIsWholeStaysWhateverIsThrownBehindIt(Row row) throws Exception {
    row.assumeAvailable();
    SocketMap map = new SocketMap(row.transport());
    List<String> told = new ArrayList<>();
    List<Dispatcher> made = new ArrayList<>();
    Dispatcher door =
        new Dispatcher(map) {
          @Override
          public void handleAccepted(AsyncSocket socket, SocketAddress address) {
            made.add(new Dispatcher(socket, map()));
            throw new IllegalStateException("no room");
          }

          @Override
          public void handleError(Throwable thrown) {
            told.add(thrown.getMessage());
          }
        };
    door.createSocket();
    door.bind(ANY_PORT);
    door.listen(5);
    try (Remote remote = Remote.to(door.socket().getsockname())) {
      remote.start(false);
      Passes.until(map, row.usePoll(), () -> !told.isEmpty(), "word of it", told);
      assertEquals(List.of("no room"), told);
      assertEquals(List.of(door, made.get(0)), map.values());
      assertTrue(made.get(0).fileno() >= 0, "it is open");
    } finally {
      Asyncore.closeAll(map, true);
    }
  }

  static Stream<Row> rows() {
    return Row.of(Mode.LOOP);
  }
}
