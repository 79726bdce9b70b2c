package org.asyncore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.asyncore.fixture.Ascii.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import org.asyncore.fixture.Logged;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.Printed;
import org.asyncore.fixture.ScriptedSocket;
import org.asyncore.fixture.ScriptedTransport;
import org.asyncore.limits.AcceptLimits;
import org.asyncore.transport.Errno;
import org.junit.jupiter.api.Test;

/** What peers send, on its way into logs. */
class LogInjectionTest {
  private static final String FORGED = "GET /\r\nerror: uncaptured python exception\u001b[2J";

  private final ScriptedTransport transport = new ScriptedTransport();
  private final SocketMap map = new SocketMap(transport);
  private final ScriptedSocket socket = ScriptedSocket.connected(transport);

  /** Puts what it read into an exception, as careless programs do. */
  private static class Careless extends Dispatcher {
    Careless(ScriptedSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public void handleRead() {
      throw new IllegalArgumentException("bad request: " + new String(recv(1000), ISO_8859_1));
    }
  }

  /** Keeps each line that it logs one line. */
  private static final class Careful extends Careless {
    Careful(ScriptedSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public void logInfo(String message, String type) {
      super.logInfo(OneLine.of(message), type);
    }
  }

  @Test
  void anExceptionsTextIsPrintedAsItIsAsInAsyncore() {
    new Careless(socket, map);
    assertTrue(printedAfter(FORGED).contains("bad request: " + FORGED + " ["));
  }

  @Test
  void anOverrideOfLogInfoKeepsItOneLine() {
    new Careful(socket, map);
    String printed = printedAfter(FORGED);
    assertEquals(printed.length() - 1, printed.indexOf('\n'));
    assertTrue(
        printed.contains(":bad request: GET /\\r\\nerror: uncaptured python exception\\x1b[2J ["));
  }

  private String printedAfter(String received) {
    socket.feed(received);
    try (Printed printed = new Printed()) {
      Passes.one(map, false);
      return printed.out();
    }
  }

  @Test
  void thePathThatAPeerNamesItselfByIsEscapedAsInPython() {
    Dispatcher dispatcher = new Dispatcher(socket, map);
    dispatcher.addr(UnixDomainSocketAddress.of("a'\nerror: forged\u001b[2J\u202e"));
    String path = "\"a'\\nerror: forged\\x1b[2J\\u202e\"";
    String text = dispatcher.toString();
    assertTrue(text.startsWith("<org.asyncore.Dispatcher connected " + path + " at 0x"), text);
    try (Printed printed = new Printed()) {
      dispatcher.handleError(new IllegalStateException("x"));
      assertTrue(printed.out().contains(path), printed.out());
      assertEquals(printed.out().length() - 1, printed.out().indexOf('\n'));
    }
  }

  @Test
  void aNameThatIsNotResolvedIsEscaped() {
    Dispatcher dispatcher = new Dispatcher(socket, map);
    dispatcher.addr(InetSocketAddress.createUnresolved("a\nb", 80));
    assertTrue(dispatcher.toString().contains(" a\\nb:80 at "), dispatcher::toString);
  }

  @Test
  void whatDebugPrintsOfBytesIsOneLine() {
    DispatcherWithSend dispatcher = new DispatcherWithSend(socket, map);
    dispatcher.debug(true);
    try (Printed printed = new Printed()) {
      dispatcher.send(bytes("a\r\nb\u001b"));
      assertEquals("info: sending b'a\\r\\nb\\x1b'\n", printed.out());
    }
  }

  @Test
  void whatTheLibraryLogsIsOneLine() {
    ScriptedSocket listening = new ScriptedSocket(transport);
    Dispatcher listener = new Dispatcher(listening, map);
    AcceptLimits.of(listener);
    listener.bind(UnixDomainSocketAddress.of("/tmp/a\nWARNING: forged"));
    listener.listen(1);
    listening.failAccept(Errno.EMFILE);
    try (Logged logged = new Logged()) {
      Passes.one(map, false);
      assertEquals(1, logged.lines().size());
      String line = logged.lines().get(0);
      assertTrue(line.contains("a\\nWARNING: forged"), line);
      assertEquals(-1, line.indexOf('\n'));
    }
  }
}
