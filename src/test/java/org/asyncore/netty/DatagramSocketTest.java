package org.asyncore.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.util.List;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Datagram;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Membership;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.WouldBlockException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** UDP against the JDK's blocking sockets. */
class DatagramSocketTest {
  private static final String ALL = "org.asyncore.fixture.Wiring#all";
  private static final String INET = "org.asyncore.fixture.Wiring#inet";

  private static RecordingDispatcher udp(Loopback net, String name) {
    RecordingDispatcher dispatcher = net.calls().dispatcher(name, null);
    dispatcher.createSocket(net.wiring().family(), SocketType.DGRAM);
    return dispatcher.wants(true, false);
  }

  private static RecordingDispatcher bound(Loopback net, String name) {
    RecordingDispatcher dispatcher = udp(net, name);
    dispatcher.bind(net.anyPort());
    return dispatcher;
  }

  private static java.net.DatagramSocket peer(Loopback net) throws IOException {
    java.net.DatagramSocket peer = new java.net.DatagramSocket(net.anyPort());
    peer.setSoTimeout(10_000);
    return peer;
  }

  private static void send(java.net.DatagramSocket peer, String data, SocketAddress to)
      throws IOException {
    byte[] bytes = data.getBytes(ISO_8859_1);
    peer.send(new DatagramPacket(bytes, bytes.length, to));
  }

  private static DatagramPacket receive(java.net.DatagramSocket peer) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[100], 100);
    peer.receive(packet);
    return packet;
  }

  private static String text(DatagramPacket packet) {
    return new String(packet.getData(), 0, packet.getLength(), ISO_8859_1);
  }

  private static String text(byte[] data) {
    return new String(data, ISO_8859_1);
  }

  private static Errno errnoOf(Runnable call) {
    return assertThrows(OsException.class, call::run).errno();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void recvGivesOneDatagramAndDropsWhatDoesNotFit(Wiring wiring) throws Exception {
    try (Loopback net = new Loopback(wiring);
        java.net.DatagramSocket peer = peer(net)) {
      RecordingDispatcher u = bound(net, "u");
      u.on("handleRead", d -> net.calls().add(text(d.recv(6))));
      for (String data : List.of("short", "much too long", "third")) {
        send(peer, data, u.socket().getsockname());
      }
      net.until(() -> net.calls().contains("third"), "third datagram");
      assertEquals(
          List.of("u handleRead", "short", "u handleRead", "much t", "u handleRead", "third"),
          net.calls());
      assertThrows(WouldBlockException.class, () -> u.recv(6));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void anAnswerGoesThroughTheSocket(Wiring wiring) throws Exception {
    try (Loopback net = new Loopback(wiring);
        java.net.DatagramSocket peer = peer(net)) {
      RecordingDispatcher u = bound(net, "u");
      u.on(
          "handleRead",
          d -> {
            Datagram question = d.socket().recvfrom(20);
            assertEquals(peer.getLocalSocketAddress(), question.address());
            byte[] answer = (text(question.data()) + "!").getBytes(ISO_8859_1);
            assertEquals(answer.length, d.socket().sendto(answer, question.address()));
          });
      send(peer, "question", u.socket().getsockname());
      net.untilCalled("u handleRead");
      DatagramPacket answer = receive(peer);
      assertEquals("question!", text(answer));
      assertEquals(u.socket().getsockname(), answer.getSocketAddress());
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void anEmptyDatagramLooksLikeTheEnd(Wiring wiring) throws Exception {
    try (Loopback net = new Loopback(wiring);
        java.net.DatagramSocket peer = peer(net)) {
      RecordingDispatcher u = bound(net, "u");
      u.on("handleRead", d -> assertEquals(0, d.recv(6).length));
      send(peer, "", u.socket().getsockname());
      net.untilCalled("u handleClose");
      assertEquals(List.of("u handleRead", "u handleClose"), net.calls());
      assertTrue(net.map().isEmpty());
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aConnectedSocketHasOnePeer(Wiring wiring) throws Exception {
    try (Loopback net = new Loopback(wiring);
        java.net.DatagramSocket peer = peer(net);
        java.net.DatagramSocket stranger = peer(net)) {
      RecordingDispatcher u = udp(net, "u");
      u.connect(peer.getLocalSocketAddress());
      assertEquals(List.of("u handleConnect"), net.calls());
      assertTrue(u.connected());
      assertEquals(peer.getLocalSocketAddress(), u.socket().getpeername());
      assertEquals(4, u.send("ping".getBytes(ISO_8859_1)));
      assertEquals("ping", text(receive(peer)));
      send(stranger, "not for you", u.socket().getsockname());
      send(peer, "", u.socket().getsockname());
      send(peer, "pong", u.socket().getsockname());
      Levels.await("in out", u.socket());
      assertEquals(new String(u.socket().recv(9), ISO_8859_1), ""); // The empty one.
      Levels.await("in out", u.socket());
      Datagram pong = u.socket().recvfrom(9);
      assertEquals("pong", text(pong.data()));
      assertEquals(peer.getLocalSocketAddress(), pong.address());
      assertEquals("out", Levels.of(u.socket()));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aConnectedSocketMayTakeAnotherPeer(Wiring wiring) throws Exception {
    try (Loopback net = new Loopback(wiring);
        java.net.DatagramSocket first = peer(net);
        java.net.DatagramSocket second = peer(net)) {
      AsyncSocket socket = udp(net, "u").socket();
      assertEquals(Errno.OK, socket.connectEx(first.getLocalSocketAddress()));
      assertEquals(Errno.OK, socket.connectEx(second.getLocalSocketAddress()));
      assertEquals(second.getLocalSocketAddress(), socket.getpeername());
      socket.send(new byte[] {'x'}, 0, 1);
      send(second, "back", receive(second).getSocketAddress());
      Levels.await("in out", socket);
      assertEquals(second.getLocalSocketAddress(), socket.recvfrom(9).address());
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void aConnectedSocketSendsElsewhereOnEpollOnly(Wiring wiring) throws Exception {
    try (Loopback net = new Loopback(wiring);
        java.net.DatagramSocket peer = peer(net);
        java.net.DatagramSocket other = peer(net)) {
      AsyncSocket socket = udp(net, "u").socket();
      socket.connectEx(peer.getLocalSocketAddress());
      SocketAddress elsewhere = other.getLocalSocketAddress();
      if (wiring.transport().equals("nio")) {
        assertEquals(Errno.EISCONN, errnoOf(() -> socket.sendto(new byte[1], elsewhere)));
      } else {
        assertEquals(1, socket.sendto(new byte[1], elsewhere));
        assertEquals(1, receive(other).getLength());
      }
      assertEquals(2, socket.sendto(new byte[2], peer.getLocalSocketAddress()));
      assertEquals(2, receive(peer).getLength());
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void aRefusedDatagramIsAPendingErrorThatIsToldOnce(Wiring wiring) throws Exception {
    try (Loopback net = new Loopback(wiring)) {
      AsyncSocket socket = udp(net, "u").socket();
      refuse(net, socket);
      assertEquals(Errno.ECONNREFUSED, errnoOf(() -> socket.recv(9)));
      assertThrows(WouldBlockException.class, () -> socket.recv(9));
      assertEquals("out", Levels.of(socket));
      refuse(net, socket);
      assertEquals(Errno.ECONNREFUSED, errnoOf(() -> socket.send(new byte[1], 0, 1)));
      refuse(net, socket);
      assertEquals(Errno.ECONNREFUSED, socket.takeError());
      assertEquals(Errno.OK, socket.takeError());
      assertEquals("out", Levels.of(socket));
    }
  }

  private static void refuse(Loopback net, AsyncSocket socket) throws IOException {
    try (java.net.DatagramSocket gone = peer(net)) {
      assertEquals(Errno.OK, socket.connectEx(gone.getLocalSocketAddress()));
    }
    assertEquals(1, socket.send(new byte[1], 0, 1));
    Levels.await("out err", socket);
  }

  @ParameterizedTest
  @MethodSource(INET)
  void aPassTellsOfARefusedDatagram(Wiring wiring) throws Exception {
    try (Loopback net = new Loopback(wiring)) {
      RecordingDispatcher u = udp(net, "u");
      try (java.net.DatagramSocket gone = peer(net)) {
        u.connect(gone.getLocalSocketAddress());
      }
      u.on("handleRead", d -> d.recv(9));
      u.send(new byte[1]);
      net.untilCalled("u handleClose");
      // Poll sees an error and nothing to read; select sees something to read, which is the error.
      List<String> expected =
          wiring.usePoll()
              ? List.of("u handleConnect", "u handleClose")
              : List.of(
                  "u handleConnect", "u handleRead", "u handleError ECONNREFUSED", "u handleClose");
      assertEquals(expected, net.calls());
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void anUnboundSocketThatSendsGetsAnAddress(Wiring wiring) throws Exception {
    try (Loopback net = new Loopback(wiring);
        java.net.DatagramSocket peer = peer(net)) {
      AsyncSocket socket = udp(net, "u").socket();
      assertThrows(WouldBlockException.class, () -> socket.recv(9));
      assertEquals(0, ((InetSocketAddress) socket.getsockname()).getPort());
      assertEquals(2, socket.sendto(new byte[2], peer.getLocalSocketAddress()));
      assertEquals(receive(peer).getPort(), ((InetSocketAddress) socket.getsockname()).getPort());
      assertEquals(0, socket.sendto(new byte[0], peer.getLocalSocketAddress()));
      assertEquals("", text(receive(peer)));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void whatCannotBeSentIsNamed(Wiring wiring) throws Exception {
    try (Loopback net = new Loopback(wiring);
        java.net.DatagramSocket peer = peer(net)) {
      AsyncSocket socket = udp(net, "u").socket();
      SocketAddress address = peer.getLocalSocketAddress();
      assertEquals(Errno.EDESTADDRREQ, errnoOf(() -> socket.send(new byte[1], 0, 1)));
      assertEquals(Errno.EMSGSIZE, errnoOf(() -> socket.sendto(new byte[65528], address)));
      assertEquals(Errno.ENOTCONN, errnoOf(socket::getpeername));
      assertEquals(Errno.EOPNOTSUPP, errnoOf(() -> socket.listen(5)));
      assertEquals(Errno.EOPNOTSUPP, errnoOf(socket::accept));
      InetSocketAddress unknown = InetSocketAddress.createUnresolved("nowhere.invalid", 1);
      assertEquals(Errno.EAI_NONAME, errnoOf(() -> socket.sendto(new byte[1], unknown)));
      assertEquals(3, socket.sendto(new byte[3], address)); // And it still can.
      assertEquals(3, receive(peer).getLength());
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void theLongestDatagramTravelsWhole(Wiring wiring) throws Exception {
    try (Loopback net = new Loopback(wiring)) {
      AsyncSocket from = bound(net, "from").socket();
      AsyncSocket to = bound(net, "to").socket();
      byte[] data = new byte[65507];
      for (int i = 0; i < data.length; i++) data[i] = (byte) (i % 251);
      assertEquals(data.length, from.sendto(data, to.getsockname()));
      Levels.await("in out", to);
      assertArrayEquals(data, to.recv(70_000));
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void readableFalseLeavesDatagramsInTheKernel(Wiring wiring) throws Exception {
    try (Loopback net = new Loopback(wiring);
        java.net.DatagramSocket peer = peer(net)) {
      RecordingDispatcher u = bound(net, "u").wants(false, true);
      send(peer, "first", u.socket().getsockname());
      Levels.await("in out", u.socket());
      net.pass();
      assertEquals(List.of("u handleWrite"), net.calls());
      u.wants(true, false).on("handleRead", d -> net.calls().add(text(d.recv(9))));
      net.until(() -> net.calls().contains("first"), "datagram");
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void closingGivesTheAddressBackAtOnce(Wiring wiring) throws Exception {
    try (Loopback net = new Loopback(wiring)) {
      RecordingDispatcher u = bound(net, "u");
      int number = u.fileno();
      SocketAddress address = u.socket().getsockname();
      AsyncSocket socket = u.socket();
      String descriptor = OpenNumbers.at(number);
      u.close();
      u.close();
      // Any thread of this process may have got the number by now, for something else.
      if (wiring.transport().equals("epoll")) {
        assertNotEquals(descriptor, OpenNumbers.at(number));
      }
      assertEquals(-1, socket.fileno());
      assertEquals(Errno.EBADF, errnoOf(() -> socket.recv(1)));
      assertEquals("nval", Levels.of(socket));
      RecordingDispatcher next = udp(net, "next");
      next.bind(address);
      if (wiring.transport().equals("nio")) assertTrue(next.fileno() <= number, "the lowest free");
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void anAddressInUseIsRefused(Wiring wiring) throws Exception {
    try (Loopback net = new Loopback(wiring);
        java.net.DatagramSocket peer = peer(net)) {
      RecordingDispatcher u = udp(net, "u");
      SocketAddress taken = peer.getLocalSocketAddress();
      assertEquals(Errno.EADDRINUSE, errnoOf(() -> u.bind(taken)));
      u.bind(net.anyPort());
      assertNotEquals(taken, u.socket().getsockname());
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void broadcastNeedsItsOption(Wiring wiring) throws Exception {
    try (Loopback net = new Loopback(wiring)) {
      AsyncSocket socket = udp(net, "u").socket();
      InetSocketAddress all = new InetSocketAddress("127.255.255.255", 9);
      assertEquals(Errno.EACCES, errnoOf(() -> socket.sendto(new byte[1], all)));
      socket.setsockopt(StandardSocketOptions.SO_BROADCAST, true);
      assertEquals(true, socket.getsockopt(StandardSocketOptions.SO_BROADCAST));
      assertEquals(1, socket.sendto(new byte[1], all));
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void aGroupIsHeardUntilItIsLeft(Wiring wiring) throws Exception {
    try (Loopback net = new Loopback(wiring)) {
      AsyncSocket socket = udp(net, "u").socket();
      socket.bind(new InetSocketAddress("0.0.0.0", 0));
      InetAddress group = InetAddress.getByName("239.255.77.1");
      Membership membership =
          new Membership(
              group, java.net.NetworkInterface.getByInetAddress(wiring.loopback()), null);
      socket.setsockopt(Membership.ADD, membership);
      socket.setsockopt(StandardSocketOptions.IP_MULTICAST_IF, membership.on());
      socket.setsockopt(StandardSocketOptions.IP_MULTICAST_LOOP, true);
      assertEquals(true, socket.getsockopt(StandardSocketOptions.IP_MULTICAST_LOOP));
      int port = ((InetSocketAddress) socket.getsockname()).getPort();
      InetSocketAddress everybody = new InetSocketAddress(group, port);
      socket.sendto(new byte[] {'m'}, everybody);
      Levels.await("in out", socket);
      assertEquals("m", text(socket.recv(9)));
      socket.setsockopt(Membership.DROP, membership);
      socket.sendto(new byte[] {'n'}, everybody);
      socket.sendto(new byte[] {'o'}, new InetSocketAddress(wiring.loopback(), port));
      Levels.await("in out", socket);
      assertEquals("o", text(socket.recv(9)));
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void aSocketMayMoveToAnotherMap(Wiring wiring) throws Exception {
    try (Loopback net = new Loopback(wiring);
        Loopback other = new Loopback(wiring);
        java.net.DatagramSocket peer = peer(net)) {
      RecordingDispatcher u = bound(net, "u");
      u.on("handleRead", d -> net.calls().add(text(d.recv(9))));
      net.pass();
      u.delChannel();
      u.setSocket(u.socket(), other.map());
      send(peer, "moved", u.socket().getsockname());
      other.until(() -> net.calls().contains("moved"), "datagram in the other map");
      u.socket().sendto(new byte[] {'!'}, peer.getLocalSocketAddress());
      assertEquals("!", text(receive(peer)));
    }
  }

  @ParameterizedTest
  @MethodSource(INET)
  void aPassWaitsForADatagram(Wiring wiring) throws Exception {
    try (Loopback net = new Loopback(wiring);
        java.net.DatagramSocket peer = peer(net)) {
      RecordingDispatcher u = bound(net, "u");
      u.on("handleRead", d -> d.recv(9));
      SocketAddress address = u.socket().getsockname();
      Thread sender =
          new Thread(
              () -> {
                try {
                  send(peer, "wake up", address);
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      sender.start();
      Passes.loop(10, wiring.usePoll(), net.map(), 1);
      sender.join();
      assertEquals(List.of("u handleRead"), net.calls());
      assertEquals("", Levels.of(u.socket(), Readiness.IN));
    }
  }
}
