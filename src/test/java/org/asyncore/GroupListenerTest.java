package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.asyncore.fixture.Logged;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.limits.AcceptLimits;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The listener of a loop group whose accept fails, on a clock that the test moves. */
class GroupListenerTest {
  private long nanos = 1;
  private final ScriptedTransport transport = new ScriptedTransport().clock(() -> nanos);
  private final ScriptedSocket socket = new ScriptedSocket(transport);
  private final List<Dispatcher> served = new ArrayList<>();
  private final Logged logged = new Logged();
  private RuntimeException choosing;
  private final SocketMap map = new SocketMap(transport);
  private final GroupListener listener = listener();

  private GroupListener listener() {
    socket.bind(ScriptedSocket.address(1));
    socket.listen(5);
    LoopThread loop = new LoopThread("test", map);
    return new GroupListener(socket, loop, () -> chosen(loop), this::serve);
  }

  private LoopThread chosen(LoopThread loop) {
    if (choosing != null) throw choosing;
    return loop;
  }

  private Dispatcher serve(AsyncSocket connection, SocketMap on) {
    Dispatcher dispatcher =
        new Dispatcher(connection, on) {
          @Override
          public boolean writable() {
            return false;
          }
        };
    served.add(dispatcher);
    return dispatcher;
  }

  @AfterEach
  void stopLogging() {
    logged.close();
  }

  private void passAfter(Duration pause) {
    nanos += pause.toNanos();
    Passes.one(map, false);
  }

  private void fail(Errno errno) {
    socket.failAccept(errno);
    passAfter(Duration.ZERO);
  }

  @ParameterizedTest
  @EnumSource(names = {"EMFILE", "ENFILE", "ENOBUFS", "EBADF"})
  void aFailedAcceptIsTriedAgainLaterAndThenConnectionsComeAsBefore(Errno errno) {
    fail(errno);
    socket.offer(ScriptedSocket.connected(transport)).offer(ScriptedSocket.connected(transport));
    for (int pass = 0; pass < 5; pass++) passAfter(Duration.ZERO);
    assertEquals(1, socket.acceptCalls());
    passAfter(Duration.ofMillis(5));
    passAfter(Duration.ZERO); // If the call came after it was asked.
    passAfter(Duration.ZERO);
    assertEquals(2, served.size());
    assertFalse(socket.isClosed());
  }

  @Test
  void theWaitDoublesAndTheEpisodeHasOneLine() {
    fail(Errno.EMFILE);
    for (long millis = 5; millis <= 640; millis *= 2) {
      int calls = socket.acceptCalls();
      socket.failAccept(Errno.EMFILE);
      passAfter(Duration.ofMillis(millis - 1));
      passAfter(Duration.ZERO);
      assertEquals(calls, socket.acceptCalls(), millis + " ms");
      passAfter(Duration.ofMillis(1));
      passAfter(Duration.ZERO);
      assertEquals(calls + 1, socket.acceptCalls(), millis + " ms");
    }
    assertEquals(1, logged.lines().size(), () -> logged.lines().toString());
    assertTrue(logged.lines().get(0).startsWith("WARNING: accept of <"), logged.lines().get(0));
  }

  @Test
  void anyOtherFailureIsLoggedAndWaitedFor() {
    choosing = new IllegalStateException("no loop to choose");
    socket.offer(ScriptedSocket.connected(transport)).offer(ScriptedSocket.connected(transport));
    for (int pass = 0; pass < 5; pass++) passAfter(Duration.ZERO);
    assertEquals(1, socket.acceptCalls());
    assertEquals(1, logged.lines().size(), () -> logged.lines().toString());
    assertTrue(logged.lines().get(0).startsWith("SEVERE: a listener failed: "));
    assertFalse(socket.isClosed());
  }

  @Test
  void whenItStopsItClosesThoughAcceptFails() {
    socket.failAccept(Errno.EMFILE);
    Callbacks.stop(listener);
    assertTrue(socket.isClosed());
    assertTrue(map.isEmpty());
    assertEquals(1, logged.lines().size(), () -> logged.lines().toString());
  }

  @Test
  void acceptLimitsTakeOver() {
    AcceptLimits.of(listener).acceptsPerPass(2);
    fail(Errno.EMFILE);
    assertTrue(listener.readable()); // It does not wait itself.
    assertEquals(1, logged.lines().size(), () -> logged.lines().toString());
    assertFalse(socket.isClosed());
  }
}
