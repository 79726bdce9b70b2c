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
    CONSTRUCTOR
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
      assertEquals(1, door.told.size(), door.told::toString);
      second.start(false);
      door.kept.send(Bytes.of(0, 3), 0, 3);
      Passes.until(map, usePoll, () -> second.receivedCount() == 3, "bytes", door.told);
      door.kept.close();
    } finally {
      Asyncore.closeAll(map, true);
    }
  }
}
