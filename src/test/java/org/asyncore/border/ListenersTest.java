package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.LoopThread;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.Wiring;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.SocketType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code listen} and {@code close} of a listener, as the system has them. */
class ListenersTest {
  @TempDir Path folder;

  private SocketMap map;
  private final List<AsyncSocket> accepted = new ArrayList<>();

  static Stream<Wiring> transports() {
    return Wiring.transports();
  }

  /** How a listener comes to its end. */
  enum End {
    CLOSE,
    CLOSE_ALL,
    LOOP_THREAD,
    LOOP
  }

  private record Case(Wiring wiring, End end) {}

  static Stream<Case> ends() {
    return transports()
        .flatMap(wiring -> Stream.of(End.values()).map(end -> new Case(wiring, end)));
  }

  private void open(Wiring wiring) {
    wiring.assumeAvailable();
    map = new SocketMap(wiring.transport());
  }

  @AfterEach
  void close() throws InterruptedException {
    for (AsyncSocket socket : accepted) socket.close();
    if (map != null) Asyncore.closeAll(map, true);
  }

  private Path path() {
    return folder.resolve("s");
  }

  private Dispatcher bound(SocketAddress address, Family family) {
    Dispatcher listener =
        new Dispatcher(map) {
          @Override
          public void handleAccepted(AsyncSocket socket, SocketAddress peer) {
            accepted.add(socket);
          }
        };
    listener.createSocket(family);
    listener.bind(address);
    return listener;
  }

  private Dispatcher boundToPath() {
    return bound(UnixDomainSocketAddress.of(path()), Family.UNIX);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("ends")
  void theEndDeletesNothing(Case tried) throws Exception {
    open(tried.wiring());
    Dispatcher listener = boundToPath();
    listener.listen(5);
    Files.delete(path());
    Files.writeString(path(), "somebody else's");
    end(tried.end(), listener);
    assertEquals("somebody else's", Files.readString(path()));
    assertEquals(List.of("s"), files());
  }

  @ParameterizedTest
  @MethodSource("ends")
  void theEndLeavesTheOwnFile(Case tried) throws Exception {
    open(tried.wiring());
    Dispatcher listener = boundToPath();
    listener.listen(5);
    end(tried.end(), listener);
    assertEquals(List.of("s"), files());
  }

  private void end(End how, Dispatcher listener) throws InterruptedException {
    switch (how) {
      case CLOSE -> listener.close();
      case CLOSE_ALL -> Asyncore.closeAll(map, true);
      case LOOP_THREAD -> {
        try (LoopThread thread = new LoopThread("ending", map).start()) {
          thread.stop(Duration.ZERO);
        }
      }
      case LOOP -> {
        Channel channel = DispatcherChannels.channel(listener);
        channel.close().syncUninterruptibly(); // As an event loop does that shuts down.
        listener.close();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void listenKeepsTheFilesPermissionsAndMakesNoOther(Wiring wiring) throws IOException {
    open(wiring);
    Dispatcher listener = boundToPath();
    Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rwx-w--w-"));
    listener.listen(5);
    assertEquals("rwx-w--w-", PosixFilePermissions.toString(Files.getPosixFilePermissions(path())));
    assertEquals(List.of("s"), files());
  }

  @ParameterizedTest
  @MethodSource("transports")
  void thePathIsNeverWithoutAFile(Wiring wiring) throws Exception {
    open(wiring);
    for (int i = 0; i < 50; i++) {
      Dispatcher listener = boundToPath();
      AtomicBoolean listens = new AtomicBoolean();
      Other<Integer> looker = Other.thread("looker", () -> timesMissing(listens));
      looker.awaitIn("timesMissing");
      listener.listen(5);
      listens.set(true);
      assertEquals(0, looker.result());
      listener.close();
      Files.delete(path());
    }
  }

  private int timesMissing(AtomicBoolean listens) {
    int missing = 0;
    while (!listens.get()) if (!Files.exists(path())) missing++;
    return missing;
  }

  @ParameterizedTest
  @MethodSource("transports")
  void theListenerAndItsConnectionsHaveTheBoundPath(Wiring wiring) throws Exception {
    open(wiring);
    Dispatcher listener = boundToPath();
    listener.listen(5);
    SocketAddress there = UnixDomainSocketAddress.of(path());
    assertEquals(there, listener.socket().getsockname());
    try (SocketChannel client = SocketChannel.open(there)) {
      Passes.until(map, false, () -> !accepted.isEmpty(), "connection", accepted);
      assertEquals(there, accepted.get(0).getsockname());
      assertEquals(UnixDomainSocketAddress.of(""), accepted.get(0).getpeername());
      assertTrue(client.isConnected());
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aPathThatIsSomebodyElsesByThenIsLeftAlone(Wiring wiring) throws IOException {
    open(wiring);
    Dispatcher listener = boundToPath();
    Files.delete(path());
    Files.writeString(path(), "somebody else's");
    listener.listen(5);
    assertEquals("somebody else's", Files.readString(path()));
    assertEquals(List.of("s"), files());
    Dispatcher another = bound(UnixDomainSocketAddress.of(folder.resolve("gone")), Family.UNIX);
    Files.delete(folder.resolve("gone"));
    another.listen(5);
    assertEquals(List.of("s"), files());
  }

  @ParameterizedTest
  @MethodSource("transports")
  void anUnboundUnixSocketCannotListen(Wiring wiring) {
    open(wiring);
    AsyncSocket socket = map.transport().socket(Family.UNIX, SocketType.STREAM);
    OsException refused = assertThrows(OsException.class, () -> socket.listen(5));
    assertEquals(Errno.EINVAL, refused.errno());
    socket.close();
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aBacklogOfNoneAdmitsOneOrTwo(Wiring wiring) throws IOException {
    open(wiring);
    Dispatcher listener = boundToPath();
    listener.listen(0);
    List<SocketChannel> clients = new ArrayList<>();
    int admitted = 0;
    for (int i = 0; i < 10; i++) {
      SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
      clients.add(client);
      client.configureBlocking(false);
      if (isAdmitted(client)) admitted++;
    }
    for (SocketChannel client : clients) client.close();
    assertEquals(wiring.transport().equals("nio") ? 2 : 1, admitted);
  }

  private boolean isAdmitted(SocketChannel client) {
    try {
      return client.connect(UnixDomainSocketAddress.of(path()));
    } catch (IOException full) {
      return false;
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void optionsOfTheBoundSocketAreTheListeners(Wiring wiring) {
    open(wiring);
    AsyncSocket socket = map.transport().socket(Family.INET, SocketType.STREAM);
    Dispatcher listener = new Dispatcher(socket, map);
    ChannelOption<Boolean> reusePort =
        wiring.transport().equals("nio")
            ? NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT)
            : UnixChannelOption.SO_REUSEPORT;
    socket.setsockopt(StandardSocketOptions.SO_RCVBUF, 9000);
    socket.setsockopt(StandardSocketOptions.SO_REUSEADDR, true);
    if (wiring.transport().equals("nio")) {
      DispatcherChannels.channel(listener).config().setOption(reusePort, true);
    } else {
      socket.setsockopt(StandardSocketOptions.SO_REUSEPORT, true);
    }
    Object before = socket.getsockopt(StandardSocketOptions.SO_RCVBUF);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    socket.listen(5);
    ChannelConfig config = DispatcherChannels.channel(listener).config();
    assertArrayEquals(
        new Object[] {before, true, true},
        new Object[] {
          socket.getsockopt(StandardSocketOptions.SO_RCVBUF),
          socket.getsockopt(StandardSocketOptions.SO_REUSEADDR),
          config.getOption(reusePort)
        });
  }
}
