package org.asyncore;

import static org.asyncore.fixture.ScriptedSocket.address;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Set;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.Printed;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.Family;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lines that dispatchers print, and their text forms: exact text, exact stream. */
class DispatcherLogTest {
  private final ScriptedTransport transport = new ScriptedTransport();
  private final SocketMap map = new SocketMap(transport);

  @Test
  void logGoesToStandardError() {
    try (Printed printed = new Printed()) {
      new Dispatcher(map).log("hello");
      assertEquals("log: hello\n", printed.err());
      assertEquals("", printed.out());
    }
  }

  @Test
  void logInfoGoesToStandardOutputUnlessItsTypeIsIgnored() {
    try (Printed printed = new Printed()) {
      Dispatcher dispatcher = new Dispatcher(map);
      dispatcher.logInfo("hello");
      dispatcher.logInfo("careful", "warning"); // Ignored by default.
      dispatcher.logInfo("broken", "error");
      dispatcher.ignoreLogTypes(Set.of("info"));
      dispatcher.logInfo("not any more");
      dispatcher.logInfo("careful", "warning");
      assertEquals("info: hello\nerror: broken\nwarning: careful\n", printed.out());
      assertEquals("", printed.err());
    }
  }

  @Test
  void everyDefaultHandlerLogsItsWarning() {
    ScriptedSocket socket = ScriptedSocket.connected(transport);
    Dispatcher dispatcher = new Dispatcher(socket, map);
    dispatcher.ignoreLogTypes(Set.of());
    ScriptedSocket accepted = ScriptedSocket.connected(transport);
    try (Printed printed = new Printed()) {
      dispatcher.handleRead();
      dispatcher.handleWrite();
      dispatcher.handleConnect();
      dispatcher.handleExpt();
      dispatcher.handleAccepted(accepted, address(1));
      dispatcher.handleClose();
      assertEquals(
          """
          warning: unhandled read event
          warning: unhandled write event
          warning: unhandled connect event
          warning: unhandled incoming priority event
          warning: unhandled accepted event
          warning: unhandled close event
          """,
          printed.out());
      assertEquals("", printed.err());
    }
    assertTrue(accepted.isClosed());
    assertTrue(socket.isClosed());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void handleErrorPrintsOneLineWithTheWayTheExceptionTook(boolean usePoll) {
    ScriptedSocket socket = ScriptedSocket.connected(transport).feed("x");
    new Thrower(socket, map);
    try (Printed printed = new Printed()) {
      Passes.one(map, usePoll);
      assertEquals("", printed.err());
      assertMatches(
          "error: uncaptured python exception, closing channel"
              + " <org\\.asyncore\\.DispatcherLogTest\\$Thrower connected 127\\.0\\.0\\.1:20000"
              + " at 0x[0-9a-f]+>"
              + " \\(<class 'java\\.lang\\.IllegalStateException'>:boom"
              + " \\[Asyncore\\.java\\|read(write)?\\|\\d+]"
              + " \\[Dispatcher\\.java\\|handleReadEvent\\|\\d+]"
              + " \\[DispatcherLogTest\\.java\\|handleRead\\|\\d+]"
              + " \\[DispatcherLogTest\\.java\\|deeper\\|\\d+]\\)\n",
          printed.out());
    }
    assertTrue(socket.isClosed());
    assertTrue(map.isEmpty());
  }

  @Test
  void handleErrorPrintsAnErrnoAsPythonDoes() {
    ScriptedSocket socket = new ScriptedSocket(transport).refuseConnect();
    new Dispatcher(socket, map).connect(address(4711));
    try (Printed printed = new Printed()) {
      Passes.one(map, false);
      assertMatches(
          "error: uncaptured python exception, closing channel"
              + " <org\\.asyncore\\.Dispatcher 127\\.0\\.0\\.1:4711 at 0x[0-9a-f]+>"
              + " \\(<class 'org\\.asyncore\\.transport\\.OsException'>:"
              + "\\[Errno 111] ECONNREFUSED: Connection refused \\[.*]\\)\n",
          printed.out());
    }
  }

  @Test
  void handleErrorOfAnExceptionWithoutAMessagePrintsNone() {
    try (Printed printed = new Printed()) {
      new Dispatcher(map).handleError(new IllegalStateException());
      assertTrue(
          printed.out().contains("(<class 'java.lang.IllegalStateException'>: ["), printed.out());
    }
  }

  @Test
  void aTextFormThatCrashesDoesNotLoseTheLine() {
    ScriptedSocket socket = ScriptedSocket.connected(transport);
    Dispatcher crashing =
        new Dispatcher(socket, map) {
          @Override
          public String toString() {
            throw new UnsupportedOperationException("no text");
          }
        };
    try (Printed printed = new Printed()) {
      crashing.handleError(new IllegalStateException("boom"));
      assertMatches(
          "error: uncaptured python exception, closing channel"
              + " <__repr__\\(self\\) failed for object at [0-9a-f]+>"
              + " \\(<class 'java\\.lang\\.IllegalStateException'>:boom \\[.*]\\)\n",
          printed.out());
    }
    assertTrue(socket.isClosed());
  }

  @Test
  void theTextFormNamesClassStateAndAddress() {
    Dispatcher dispatcher = new Dispatcher(map);
    assertText("<org.asyncore.Dispatcher at 0x", dispatcher);
    transport.prepare();
    dispatcher.createSocket();
    assertText("<org.asyncore.Dispatcher at 0x", dispatcher);
    dispatcher.bind(address(0));
    assertText("<org.asyncore.Dispatcher 127.0.0.1:0 at 0x", dispatcher);
    dispatcher.listen(1);
    assertText("<org.asyncore.Dispatcher listening 127.0.0.1:0 at 0x", dispatcher);
    dispatcher.close();
    assertText("<org.asyncore.Dispatcher 127.0.0.1:0 at 0x", dispatcher);

    ScriptedSocket socket = ScriptedSocket.connected(transport);
    SocketAddress peer = socket.getpeername();
    Dispatcher connected = new Dispatcher(socket, map);
    assertText("<org.asyncore.Dispatcher connected 127.0.0.1:" + port(peer) + " at 0x", connected);
    connected.close();
    assertText("<org.asyncore.Dispatcher 127.0.0.1:" + port(peer) + " at 0x", connected);
  }

  @Test
  void aListenerWithoutAnAddressIsNotCalledListening() {
    Dispatcher dispatcher = new Dispatcher(new ScriptedSocket(transport), map);
    dispatcher.listen(1);
    assertText("<org.asyncore.Dispatcher at 0x", dispatcher);
  }

  @Test
  void theTextFormShowsEveryKindOfAddress() {
    Dispatcher dispatcher = new Dispatcher(map);
    dispatcher.addr(InetSocketAddress.createUnresolved("example.org", 80));
    assertText("<org.asyncore.Dispatcher example.org:80 at 0x", dispatcher);
    dispatcher.addr(UnixDomainSocketAddress.of("some/socket"));
    assertText("<org.asyncore.Dispatcher 'some/socket' at 0x", dispatcher);
    dispatcher.addr(new InetSocketAddress(new Wiring("nio", Family.INET6, false).loopback(), 80));
    assertMatches(
        "<org\\.asyncore\\.Dispatcher \\[(::1|0:0:0:0:0:0:0:1)]:80 at 0x[0-9a-f]+>",
        dispatcher.toString());
  }

  @Test
  void compactTracebackNamesTheInnermostFrameAndTheWayToIt() {
    IllegalStateException thrown =
        assertThrows(IllegalStateException.class, () -> Thrower.deeper("boom"));
    CompactTraceback trace = Asyncore.compactTraceback(thrown);
    assertEquals("DispatcherLogTest.java", trace.file());
    assertEquals("deeper", trace.function());
    assertEquals(thrown.getStackTrace()[0].getLineNumber(), trace.line());
    assertSame(thrown, trace.thrown());
    assertTrue(
        trace.info().endsWith(" [DispatcherLogTest.java|deeper|" + trace.line() + "]"),
        trace.info());
  }

  @Test
  void compactTracebackOfNothingIsAnAssertionErrorAsInPython() {
    AssertionError refused =
        assertThrows(AssertionError.class, () -> Asyncore.compactTraceback(null));
    assertEquals("traceback does not exist", refused.getMessage());
  }

  @Test
  void compactTracebackOfAnExceptionWithoutFramesStillHasItsException() {
    IllegalStateException thrown = new IllegalStateException("bare");
    thrown.setStackTrace(new StackTraceElement[0]);
    CompactTraceback trace = Asyncore.compactTraceback(thrown);
    assertSame(thrown, trace.thrown());
    assertTrue(trace.line() < 0, "no line is known");
  }

  private static int port(SocketAddress address) {
    return ((InetSocketAddress) address).getPort();
  }

  private static void assertText(String start, Dispatcher dispatcher) {
    String text = dispatcher.toString();
    assertTrue(text.startsWith(start), text);
    assertMatches("[0-9a-f]+>", text.substring(start.length()));
  }

  private static void assertMatches(String pattern, String text) {
    assertTrue(text.matches(pattern), () -> "\n" + text + "\nis not\n" + pattern);
  }

  private static final class Thrower extends Dispatcher {
    Thrower(ScriptedSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public void handleRead() {
      deeper("boom");
    }

    static void deeper(String message) {
      if (message != null) throw new IllegalStateException(message);
    }
  }
}
