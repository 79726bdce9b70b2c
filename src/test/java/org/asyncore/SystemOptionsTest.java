package org.asyncore;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import jdk.net.ExtendedSocketOptions;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Wiring;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.SystemOption;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Options that the JDK, or Netty, has no name for, and those that either gets wrong. */
class SystemOptionsTest {
  private static final String TRANSPORTS = "org.asyncore.fixture.Wiring#transports";
  private static final String INET = "org.asyncore.fixture.Wiring#inet";
  private static final int TCP = 6;
  private static final SocketOption<Integer> TCP_USER_TIMEOUT =
      SystemOption.number("TCP_USER_TIMEOUT", TCP, 18);

  private static AsyncSocket socket(SocketMap map, Family family, SocketType type) {
    Dispatcher dispatcher = new Dispatcher(map);
    dispatcher.createSocket(family, type);
    return dispatcher.socket();
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void theTtlOfMulticastsIsNotThatOfOtherPackets(Wiring wiring) throws Exception {
    wiring.assumeAvailable();
    SocketMap map = new SocketMap(wiring.transport());
    for (Family family : new Family[] {Family.INET, Family.INET6}) {
      if (!new Wiring(wiring.transport(), family, false).hasAddress()) continue;
      AsyncSocket udp = socket(map, family, SocketType.DGRAM);
      assertEquals(1, udp.getsockopt(StandardSocketOptions.IP_MULTICAST_TTL));
      udp.setsockopt(StandardSocketOptions.IP_MULTICAST_TTL, 7);
      assertEquals(7, udp.getsockopt(StandardSocketOptions.IP_MULTICAST_TTL));
      if (wiring.transport().equals("epoll") && family == Family.INET) {
        assertEquals(7, udp.getsockopt(SystemOption.number("IP_MULTICAST_TTL", 0, 33)));
        assertEquals(64, udp.getsockopt(SystemOption.number("IP_TTL", 0, 2)));
      }
    }
    Asyncore.closeAll(map, false);
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void keepAliveHasItsTimes(Wiring wiring) throws Exception {
    wiring.assumeAvailable();
    SocketMap map = new SocketMap(wiring.transport());
    AsyncSocket tcp = socket(map, Family.INET, SocketType.STREAM);
    tcp.setsockopt(StandardSocketOptions.SO_KEEPALIVE, true);
    tcp.setsockopt(ExtendedSocketOptions.TCP_KEEPIDLE, 30);
    tcp.setsockopt(ExtendedSocketOptions.TCP_KEEPINTERVAL, 5);
    tcp.setsockopt(ExtendedSocketOptions.TCP_KEEPCOUNT, 3);
    assertEquals(30, tcp.getsockopt(ExtendedSocketOptions.TCP_KEEPIDLE));
    assertEquals(5, tcp.getsockopt(ExtendedSocketOptions.TCP_KEEPINTERVAL));
    assertEquals(3, tcp.getsockopt(ExtendedSocketOptions.TCP_KEEPCOUNT));
    Asyncore.closeAll(map, false);
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void anOptionByNumberIsTheSystemsWhereThereIsADescriptor(Wiring wiring) throws Exception {
    wiring.assumeAvailable();
    SocketMap map = new SocketMap(wiring.transport());
    AsyncSocket tcp = socket(map, Family.INET, SocketType.STREAM);
    if (wiring.transport().equals("epoll")) {
      tcp.setsockopt(TCP_USER_TIMEOUT, 30_000);
      assertEquals(30_000, tcp.getsockopt(TCP_USER_TIMEOUT));
      assertEquals(
          Errno.ENOPROTOOPT, errnoOf(() -> tcp.setsockopt(SystemOption.IPV6_V6ONLY, true)));
    } else {
      OsException refused =
          assertThrows(OsException.class, () -> tcp.setsockopt(TCP_USER_TIMEOUT, 30_000));
      assertEquals(Errno.ENOPROTOOPT, refused.errno());
      assertTrue(refused.getMessage().contains("TCP_USER_TIMEOUT"), refused.getMessage());
      assertTrue(refused.getMessage().contains("options-by-jdk-names"), refused.getMessage());
    }
    assertThrows(IllegalArgumentException.class, () -> new SystemOption<>("x", String.class, 0, 0));
    Asyncore.closeAll(map, false);
  }

  private static Errno errnoOf(Runnable call) {
    return assertThrows(OsException.class, call::run).errno();
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void ipv6AloneLeavesThePortOfIpv4ToOthers(Wiring wiring) throws Exception {
    wiring.assumeAvailable();
    assumeTrue(wiring.transport().equals("epoll"), "no such option on NIO");
    assumeTrue(new Wiring("epoll", Family.INET6, false).hasAddress(), "no IPv6 here");
    SocketMap map = new SocketMap("epoll");
    // Somebody on this machine may have the port of the one family that is free in the other.
    boolean isShared = false;
    for (int tries = 0; tries < 20 && !isShared; tries++) isShared = sharesItsPort(map);
    assertTrue(isShared, "no port of 20 could be bound for IPv6 alone, and for IPv4 beside that");
    Asyncore.closeAll(map, false);
  }

  /** Whether IPv4 gets the port that an IPv6 socket has; not where others have it. */
  private static boolean sharesItsPort(SocketMap map) {
    AsyncSocket six = socket(map, Family.INET6, SocketType.STREAM);
    six.setsockopt(SystemOption.IPV6_V6ONLY, true);
    assertEquals(true, six.getsockopt(SystemOption.IPV6_V6ONLY));
    six.bind(new InetSocketAddress("::", 0));
    int port = ((InetSocketAddress) six.getsockname()).getPort();
    AsyncSocket four = socket(map, Family.INET, SocketType.STREAM);
    try {
      four.bind(new InetSocketAddress("0.0.0.0", port));
    } catch (OsException taken) {
      assertEquals(Errno.EADDRINUSE, taken.errno());
      return false;
    }
    assertEquals(port, ((InetSocketAddress) four.getsockname()).getPort());
    return true;
  }

  @ParameterizedTest
  @MethodSource(INET)
  void urgentDataInLineComesInItsPlaceAmongTheRest(Wiring wiring) throws Exception {
    try (Loopback net = new Loopback(wiring)) {
      StringBuilder came = new StringBuilder();
      Dispatcher reader =
          new Dispatcher(net.map()) {
            @Override
            public boolean writable() {
              return connecting();
            }

            @Override
            public void handleConnect() {
              socket().setsockopt(SystemOption.SO_OOBINLINE, true);
            }

            @Override
            public void handleRead() {
              came.append(new String(recv(64), ISO_8859_1));
            }

            @Override
            public void handleExpt() {
              // The byte is among the others; recv has it.
            }
          };
      try (java.net.ServerSocket door = new java.net.ServerSocket(0, 1, wiring.loopback())) {
        reader.createSocket(wiring.family());
        reader.connect(new InetSocketAddress(wiring.loopback(), door.getLocalPort()));
        try (Socket peer = door.accept()) {
          net.until(reader::connected, "it is connected");
          assertEquals(true, reader.socket().getsockopt(SystemOption.SO_OOBINLINE));
          peer.getOutputStream().write("ab".getBytes(ISO_8859_1));
          peer.sendUrgentData('!');
          peer.getOutputStream().write("cd".getBytes(ISO_8859_1));
          net.until(() -> came.length() >= 5, "all has come");
          assertEquals("ab!cd", came.toString());
          if (wiring.transport().equals("epoll")) {
            assertEquals(Errno.EINVAL, errnoOf(() -> reader.socket().recvUrgent(1)));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void allOptionsOfAChannelCanBeAskedFor(Wiring wiring) {
    wiring.assumeAvailable();
    SocketMap map = new SocketMap(wiring.transport());
    Dispatcher dispatcher = new Dispatcher(map);
    for (Family family : Family.values()) {
      if (family == Family.UNIX && wiring.transport().equals("nio"))
        continue; // Not before it has a peer.
      if (family == Family.INET6 && !new Wiring("nio", family, false).hasAddress()) continue;
      dispatcher.createSocket(family);
      assertFalse(DispatcherChannels.channel(dispatcher).config().getOptions().isEmpty());
      dispatcher.close();
    }
    dispatcher.createSocket(Family.INET, SocketType.DGRAM);
    assertFalse(DispatcherChannels.channel(dispatcher).config().getOptions().isEmpty());
    dispatcher.close();
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void thoseOfUnixSocketsWhenTheyListenOrAreConnected(Wiring wiring, @TempDir Path folder)
      throws Exception {
    wiring.assumeAvailable();
    SocketMap map = new SocketMap(wiring.transport());
    SocketAddress address = UnixDomainSocketAddress.of(folder.resolve("socket"));
    Dispatcher listener = new Dispatcher(map);
    listener.createSocket(Family.UNIX);
    listener.bind(address);
    listener.listen(1);
    Dispatcher client = new Dispatcher(map);
    client.createSocket(Family.UNIX);
    client.connect(address);
    for (Dispatcher each : new Dispatcher[] {listener, client}) {
      assertFalse(DispatcherChannels.channel(each).config().getOptions().isEmpty());
    }
    Asyncore.closeAll(map, false);
  }
}
