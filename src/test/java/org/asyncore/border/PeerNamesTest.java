package org.asyncore.border;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.NettyIo;
import org.asyncore.fixture.OddNames;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.Tool;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Datagram;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.UnixName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A peer on a Unix domain socket names itself as it likes: it is served, and so are the others. */
class PeerNamesTest {
  private static final SocketAddress UNNAMED = UnixDomainSocketAddress.of("");

  /** Python can be called anything; it says what it was answered. */
  private static final String CLIENT =
      """
      import socket, sys
      kind, to, folder = sys.argv[1:4]
      for name in sys.argv[4:]:
          s = socket.socket(socket.AF_UNIX, getattr(socket, kind))
          s.settimeout(15)
          name = NAME
          if name: s.bind(name)
          s.connect(to)
          s.send(b'hello')
          print(s.recv(9).decode(), flush=True)
          s.close()
      """
          .replace("NAME", OddNames.inPython("name", "folder"));

  private static final List<String> NAMES =
      Stream.of(Stream.of(""), OddNames.ALL.stream(), Stream.of("")).flatMap(each -> each).toList();

  @TempDir Path folder;

  private final List<SocketAddress> told = new ArrayList<>();
  private final List<SocketAddress> asked = new ArrayList<>();
  private SocketMap map;

  private void open(String transport) throws IOException, InterruptedException {
    NettyIo.named(transport).assumeAvailable();
    Tool.assumePresent("python3");
    map = new SocketMap(transport);
  }

  @AfterEach
  void close() throws InterruptedException {
    if (map != null) Asyncore.closeAll(map, true);
  }

  private final class Echo extends Dispatcher {
    Echo(AsyncSocket socket) {
      super(socket, PeerNamesTest.this.map);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      byte[] data = recv(9);
      if (data.length > 0) send(data);
    }

    @Override
    public void handleClose() {
      close();
    }
  }

  private Dispatcher listener(SocketAddress at) {
    Dispatcher listener =
        new Dispatcher(map) {
          @Override
          public void handleAccepted(AsyncSocket socket, SocketAddress address) {
            told.add(address);
            asked.add(socket.getpeername());
            new Echo(socket);
          }
        };
    listener.createSocket(Family.UNIX);
    listener.bind(at);
    listener.listen(9);
    return listener;
  }

  private List<String> answers(boolean usePoll, String kind, List<String> names)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("python3", "-c", CLIENT, kind));
    command.add(folder.resolve("here").toString());
    command.add(folder.toString());
    command.addAll(names);
    Path output = folder.resolve("output");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Process client = builder.redirectOutput(output.toFile()).start();
    try {
      Passes.until(map, usePoll, () -> !client.isAlive(), "end of the clients", told);
    } finally {
      client.destroy();
    }
    return Files.readAllLines(output);
  }

  private SocketAddress path(String name) {
    return UnixDomainSocketAddress.of(folder.resolve(name));
  }

  private static SocketAddress name(String bytes) {
    return UnixName.of(bytes.getBytes(ISO_8859_1));
  }

  private List<SocketAddress> expected(boolean isEpoll) {
    return List.of(
        UNNAMED,
        isEpoll ? name("\0any") : UNNAMED,
        isEpoll ? name("\0") : UNNAMED,
        isEpoll ? name("\0a\0\u00ff") : UNNAMED,
        path("plain"),
        path("\u00e4"),
        isEpoll ? name(folder + "/x\u00ff") : UNNAMED,
        path("a\nerror: forged"),
        UNNAMED);
  }

  static Stream<Wiring> wirings() {
    return Wiring.inet(); // For transport and order; the sockets are Unix ones.
  }

  @ParameterizedTest
  @MethodSource("wirings")
  void ofStreams(Wiring wiring) throws Exception {
    open(wiring.transport());
    Dispatcher listener = listener(path("here"));
    List<String> answers = answers(wiring.usePoll(), "SOCK_STREAM", NAMES);
    assertEquals(NAMES.stream().map(name -> "hello").toList(), answers);
    assertEquals(expected(wiring.transport().equals("epoll")), told);
    assertEquals(told, asked);
    assertTrue(listener.socket().fileno() >= 0, "the listener is closed");
  }

  @Test
  void ofSendersOfDatagrams() throws Exception {
    open("epoll");
    AsyncSocket socket = map.transport().socket(Family.UNIX, SocketType.DGRAM);
    socket.bind(path("here"));
    new Dispatcher(socket, map) {
      @Override
      public boolean writable() {
        return false;
      }

      @Override
      public void handleRead() {
        Datagram datagram = socket().recvfrom(9);
        told.add(datagram.address());
        socket().sendto(datagram.data(), datagram.address());
      }

      @Override
      public void handleError(Throwable refused) {
        asked.add(UNNAMED);
      }
    };
    List<String> answered = List.of("\\x00any", "FOLDER/plain", "FOLDER/a\\nb", "\\x00");
    assertEquals(
        List.of("hello", "hello", "hello", "hello"), answers(false, "SOCK_DGRAM", answered));
    assertEquals(List.of(name("\0any"), path("plain"), path("a\nb"), name("\0")), told);
    told.clear();
    List<String> lost = List.of("\\x00a\\xff", "FOLDER/x\\xff", "");
    answersNone(lost);
    assertEquals(List.of(UNNAMED, UNNAMED, UNNAMED), told);
    assertEquals(List.of(UNNAMED, UNNAMED, UNNAMED), asked, "each answer is refused");
    assertEquals(List.of("hello"), answers(false, "SOCK_DGRAM", List.of("\\x00last")));
  }

  private void answersNone(List<String> names) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("python3", "-c"));
    command.add(CLIENT.replace("print(s.recv(9).decode(), flush=True)", "pass"));
    command.addAll(List.of("SOCK_DGRAM", folder.resolve("here").toString(), folder.toString()));
    command.addAll(names);
    Process client = new ProcessBuilder(command).start();
    Passes.until(map, false, () -> told.size() == names.size(), "all datagrams", told);
    assertTrue(client.waitFor(10, TimeUnit.SECONDS), "the client does not end");
  }

  @Test
  void ofOurOwnInTheAbstractNamespace() throws Exception {
    open("epoll");
    String unique = "\0" + folder;
    Dispatcher listener = listener(name(unique));
    assertEquals(name(unique), listener.socket().getsockname());
    Dispatcher client = new Echo(null);
    client.createSocket(Family.UNIX);
    client.bind(name(unique + "client"));
    client.connect(name(unique));
    Passes.until(map, false, () -> !told.isEmpty(), "connection", told);
    assertEquals(List.of(name(unique + "client")), told);
    assertEquals(name(unique), client.socket().getpeername());
  }

  @Test
  void whatCannotBeNamedIsRefused() throws Exception {
    open("nio");
    AsyncSocket nio = map.transport().socket(Family.UNIX, SocketType.STREAM);
    assertEquals(Errno.EINVAL, nio.connectEx(name("\0any")));
    assertRefused(() -> nio.bind(name("\0any")));
    nio.close();
    open("epoll");
    AsyncSocket epoll = map.transport().socket(Family.UNIX, SocketType.STREAM);
    assertEquals(Errno.EINVAL, epoll.connectEx(name("\0\u00ff")));
    assertRefused(() -> epoll.bind(name("\0\u00ff")));
    assertRefused(() -> epoll.bind(name(folder + "/x\u00ff")));
    epoll.close();
  }

  private static void assertRefused(Runnable call) {
    OsException refused = assertThrows(OsException.class, call::run);
    assertEquals(Errno.EINVAL, refused.errno());
    assertTrue(
        refused.getMessage().endsWith("(docs/differences.md#addresses-are-socket-addresses)"),
        refused.getMessage());
  }
}
