package org.asyncore.border;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.Printed;
import org.asyncore.fixture.Tool;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A peer chooses its own name, of a Unix domain socket even any bytes. It closes no listener, and
 * no line of a log begins where it likes.
 */
class PeerNamesInLogsTest {
  /** Binds to a name of any bytes, which the JDK has none of; asks, and prints the answer. */
  private static final String CLIENT =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX)
      s.settimeout(5)
      name = eval(sys.argv[2])
      if name is not None: s.bind(name)
      s.connect(sys.argv[1])
      s.send(b"ask")
      print(s.recv(10))
      """;

  @TempDir Path folder;

  enum Name {
    NONE("None"),
    ABSTRACT("b'\\0border-%d'"),
    ABSTRACT_ODD("b'\\0border\\xff\\n\\x1b[2J\\0%d'"),
    AUTOBOUND("b''"),
    LINES("b'%s/a\\nlog: forged'"),
    NO_UTF_8("b'%s/a\\xff\\xfe'"),
    ESCAPE("b'%s/\\x1b[2J'");

    private final String python;

    Name(String python) {
      this.python = python;
    }

    String in(Path folder) {
      return python.replace("%d", "" + ProcessHandle.current().pid()).replace("%s", "" + folder);
    }
  }

  record Case(Row row, Name name) {
    @Override
    public String toString() {
      return row + ", " + name;
    }
  }

  static Stream<Case> cases() {
    return Sample.of(
        Row.of(Mode.LOOP).flatMap(row -> Stream.of(Name.values()).map(n -> new Case(row, n))), 8);
  }

  /** Echoes once, then throws, so that it is logged by its name. */
  private static final class Named extends Dispatcher {
    Named(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      send(recv(100));
      throw new IllegalStateException("thrown by " + this);
    }
  }

  private static final class Door extends Dispatcher {
    private final List<SocketAddress> addresses = new ArrayList<>();
    private final List<Throwable> told = new ArrayList<>();

    Door(SocketMap map, Path path) {
      super(map);
      createSocket(Family.UNIX);
      bind(UnixDomainSocketAddress.of(path));
      listen(5);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      addresses.add(address);
      log("accepted " + new Named(socket, map()));
    }

    @Override
    public void handleError(Throwable thrown) {
      told.add(thrown);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyPeerIsServedByWhateverName(Case tried) throws Exception {
    tried.row.assumeAvailable();
    SocketMap map = new SocketMap(tried.row.transport());
    Path path = folder.resolve("server");
    Door door = new Door(map, path);
    try (Printed printed = new Printed()) {
      assertEquals("b'ask'", ask(tried.row, map, path, tried.name), () -> "" + door.told);
      assertEquals("b'ask'", ask(tried.row, map, path, Name.NONE), () -> "" + door.told);
      assertTrue(door.fileno() >= 0, () -> "the listener is closed: " + door.told);
      assertEquals(List.of(), door.told);
      assertEquals(2, door.addresses.size());
      for (String line : (printed.err() + printed.out()).lines().toList()) {
        assertFalse(line.startsWith("log: forged"), line);
        assertFalse(line.chars().anyMatch(c -> c < ' ' && c != '\t'), line);
      }
    } finally {
      Asyncore.closeAll(map, true);
    }
  }

  private String ask(Row row, SocketMap map, Path path, Name name) throws IOException {
    Tool.assumePresent("python3");
    Process client =
        new ProcessBuilder("python3", "-c", CLIENT, path.toString(), name.in(folder))
            .redirectErrorStream(true)
            .start();
    Passes.until(map, row.usePoll(), () -> !client.isAlive(), "end of the client " + name, name);
    return new String(client.getInputStream().readAllBytes(), UTF_8).strip();
  }
}
