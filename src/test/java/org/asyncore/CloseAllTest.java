package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloseAllTest {
  private final ScriptedTransport transport = new ScriptedTransport();
  private final SocketMap map = new SocketMap(transport);
  private final List<String> calls = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void callsCloseNotHandleCloseInMapOrderAndEmptiesTheMap(boolean ignoreAll)
      throws InterruptedException {
    List<Closing> all = List.of(new Closing("a"), new Closing("b"), new Closing("c"));
    Asyncore.closeAll(map, ignoreAll);
    assertEquals(List.of("close a", "close b", "close c"), calls);
    assertTrue(map.isEmpty());
    for (Closing each : all) assertTrue(each.wire.isClosed());
  }

  @Test
  void anErrorEndsItAndTheRestStaysInTheMap() {
    Closing a = new Closing("a");
    Closing b = new Closing("b").failing(new IllegalStateException("no"));
    Closing c = new Closing("c");
    IllegalStateException left =
        assertThrows(IllegalStateException.class, () -> Asyncore.closeAll(map, false));
    assertEquals("no", left.getMessage());
    assertEquals(List.of("close a", "close b"), calls);
    assertEquals(List.of(b, c), map.values());
    assertTrue(a.wire.isClosed());
    assertFalse(c.wire.isClosed());
  }

  @Test
  void ignoringAllSkipsErrorsAndEmptiesTheMap() throws InterruptedException {
    Closing a = new Closing("a").failing(new OsException(Errno.EIO));
    new Closing("b").failing(new IllegalStateException("no"));
    new Closing("c").failing(new AssertionError("no"));
    Closing d = new Closing("d");
    Asyncore.closeAll(map, true);
    assertEquals(List.of("close a", "close b", "close c", "close d"), calls);
    assertTrue(map.isEmpty());
    assertFalse(a.wire.isClosed(), "whoever failed is left open");
    assertTrue(d.wire.isClosed());
  }

  @Test
  void ebadfIsAlwaysSkippedAndNoOtherErrno() {
    new Closing("a").failing(new OsException(Errno.EBADF));
    new Closing("b").failing(new OsException(Errno.EIO));
    OsException left = assertThrows(OsException.class, () -> Asyncore.closeAll(map, false));
    assertEquals(Errno.EIO, left.errno());
    assertEquals(List.of("close a", "close b"), calls);
    assertEquals(2, map.size());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void exitsLeaveEvenWhenAllIsIgnored(boolean ignoreAll) {
    ExitNow exit = new ExitNow("done");
    new Closing("a").failing(exit);
    new Closing("b");
    assertSame(exit, assertThrows(ExitNow.class, () -> Asyncore.closeAll(map, ignoreAll)));
    assertEquals(List.of("close a"), calls);
    assertEquals(2, map.size());
  }

  @Test
  void fatalErrorsLeaveEvenWhenAllIsIgnored() {
    new Closing("a").failing(new OutOfMemoryError("made up"));
    assertThrows(OutOfMemoryError.class, () -> Asyncore.closeAll(map, true));
    assertEquals(1, map.size());
  }

  @Test
  void whoeverIsPutInWhileItRunsIsClearedAwayButNotClosed() throws InterruptedException {
    List<Closing> late = new ArrayList<>();
    new Closing("a") {
      @Override
      public void close() {
        super.close();
        late.add(new Closing("late"));
      }
    };
    Asyncore.closeAll(map, false);
    assertEquals(List.of("close a"), calls);
    assertTrue(map.isEmpty());
    assertFalse(late.get(0).wire.isClosed());
  }

  @Test
  void anEmptyMapIsFine() throws InterruptedException {
    Asyncore.closeAll(map, false);
    Asyncore.closeAll(); // The default map, which no test uses.
    assertTrue(map.isEmpty());
  }

  private class Closing extends Dispatcher {
    final ScriptedSocket wire;
    private final String name;
    private Throwable failure;

    Closing(String name) {
      this(name, ScriptedSocket.connected(transport));
    }

    private Closing(String name, ScriptedSocket wire) {
      super(wire, map);
      this.name = name;
      this.wire = wire;
    }

    Closing failing(Throwable failure) {
      this.failure = failure;
      return this;
    }

    @Override
    public void close() {
      calls.add("close " + name);
      if (failure instanceof RuntimeException exception) throw exception;
      if (failure instanceof Error error) throw error;
      super.close();
    }

    @Override
    public void handleClose() {
      calls.add("handleClose " + name);
    }
  }
}
