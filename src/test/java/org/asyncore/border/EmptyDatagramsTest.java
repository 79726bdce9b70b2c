package org.asyncore.border;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Passes;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.SocketType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A datagram of no bytes is one: it goes out, and comes in, however it is sent. */
class EmptyDatagramsTest {
  private static final int LIMIT_MILLIS = 10_000;

  private final List<Integer> told = new ArrayList<>();
  private SocketMap map;

  /** How it is sent. */
  enum How {
    SENDTO,
    CONNECTED_SEND,
    CONNECTED_SEND_OF_A_BUFFER,
    CONNECTED_SENDTO_THE_PEER
  }

  private record Case(Wiring wiring, How how) {}

  static Stream<Case> all() {
    return Wiring.all()
        .flatMap(wiring -> Stream.of(How.values()).map(how -> new Case(wiring, how)));
  }

  @AfterEach
  void close() throws InterruptedException {
    if (map != null) Asyncore.closeAll(map, true);
  }

  private AsyncSocket receiving(Wiring wiring) {
    AsyncSocket socket = map.transport().socket(wiring.family(), SocketType.DGRAM);
    socket.bind(new InetSocketAddress(wiring.loopback(), 0));
    new Dispatcher(socket, map) {
      @Override
      public boolean writable() {
        return false;
      }

      @Override
      public void handleRead() {
        told.add(socket().recvfrom(9).data().length);
      }
    };
    return socket;
  }

  private static int send(How how, AsyncSocket socket, SocketAddress there) {
    if (how != How.SENDTO) assertEquals(Errno.OK, socket.connectEx(there));
    return switch (how) {
      case SENDTO, CONNECTED_SENDTO_THE_PEER -> socket.sendto(new byte[0], there);
      case CONNECTED_SEND -> socket.send(new byte[0], 0, 0);
      case CONNECTED_SEND_OF_A_BUFFER -> socket.send(ByteBuffer.allocate(0));
    };
  }

  @ParameterizedTest
  @MethodSource("all")
  void outAndIn(Case tried) throws IOException {
    Wiring wiring = tried.wiring();
    wiring.assumeAvailable();
    map = new SocketMap(wiring.transport());
    AsyncSocket socket = receiving(wiring);
    try (DatagramSocket peer = new DatagramSocket(new InetSocketAddress(wiring.loopback(), 0))) {
      peer.setSoTimeout(LIMIT_MILLIS);
      DatagramPacket packet = new DatagramPacket(new byte[9], 9);
      assertEquals(0, send(tried.how(), socket, peer.getLocalSocketAddress()));
      peer.receive(packet);
      assertEquals(0, packet.getLength());
      assertEquals(socket.getsockname(), packet.getSocketAddress());
      packet.setLength(0);
      peer.send(packet);
      packet.setLength(1);
      peer.send(packet);
      Passes.until(map, wiring.usePoll(), () -> told.size() == 2, "both datagrams", told);
      assertEquals(List.of(0, 1), told);
    }
    assertFalse(
        wiring.transport().equals("nio") && socket.getsockopt(StandardSocketOptions.SO_REUSEADDR),
        "the option is left set");
  }
}
