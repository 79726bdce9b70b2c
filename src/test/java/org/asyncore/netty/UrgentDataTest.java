package org.asyncore.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.WouldBlockException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** TCP's urgent byte, from and to the JDK's blocking sockets. */
class UrgentDataTest {
  private static final Wiring EPOLL = new Wiring("epoll", Family.INET, false);
  private static final Wiring NIO = new Wiring("nio", Family.INET, false);

  private AsyncSocket socket;
  private Socket peer;

  private void link(Wiring wiring) throws Exception {
    wiring.assumeAvailable();
    try (ServerSocket door = new ServerSocket(0, 1, wiring.loopback())) {
      door.setSoTimeout(10_000);
      socket = NettyTransport.open(wiring.transport()).socket(Family.INET, SocketType.STREAM);
      socket.connectEx(new InetSocketAddress(wiring.loopback(), door.getLocalPort()));
      peer = door.accept();
      peer.setTcpNoDelay(true);
      peer.setSoTimeout(10_000);
    }
    Levels.await("out", socket);
    assertEquals(Errno.OK, socket.takeError());
  }

  @AfterEach
  void close() throws Exception {
    if (socket != null) socket.close();
    if (peer != null) peer.close();
  }

  private void send(String data) throws Exception {
    peer.getOutputStream().write(data.getBytes(ISO_8859_1));
  }

  private String recv(int byteCount) {
    return new String(socket.recv(byteCount), ISO_8859_1);
  }

  private static Errno errnoOf(Runnable call) {
    return assertThrows(OsException.class, call::run).errno();
  }

  @Test
  void theUrgentByteIsToldUntilItIsTaken() throws Exception {
    link(EPOLL);
    assertEquals(Errno.EINVAL, errnoOf(() -> socket.recvUrgent(1)));
    peer.sendUrgentData('!');
    Levels.await("pri out", socket);
    assertEquals("pri out", Levels.of(socket));
    assertArrayEquals(new byte[] {'!'}, socket.recvUrgent(1));
    assertThrows(WouldBlockException.class, () -> socket.recv(9));
    assertEquals("out", Levels.of(socket));
    assertEquals(Errno.EINVAL, errnoOf(() -> socket.recvUrgent(1)));
    send("and on");
    Levels.await("in out", socket);
    assertEquals("and on", recv(9));
  }

  @Test
  void bytesBeforeAndAfterItStayInOrder() throws Exception {
    link(EPOLL);
    send("before");
    peer.sendUrgentData('!');
    send("after");
    Levels.await("in pri out", socket);
    assertArrayEquals(new byte[] {'!'}, socket.recvUrgent(1));
    assertEquals("in out", Levels.of(socket));
    StringBuilder received = new StringBuilder();
    while (received.length() < 11) {
      Levels.await("in out", socket);
      received.append(recv(4));
    }
    assertEquals("beforeafter", received.toString());
    assertEquals("out", Levels.of(socket));
  }

  @Test
  void itIsFoundBehindManyBytes() throws Exception {
    link(EPOLL);
    byte[] before = new byte[100_000];
    Arrays.fill(before, (byte) 'b');
    peer.getOutputStream().write(before);
    peer.sendUrgentData('!');
    Levels.await("in pri out", socket);
    assertArrayEquals(new byte[] {'!'}, socket.recvUrgent(1));
    int total = 0;
    while (total < before.length) {
      byte[] piece = socket.recv(30_000);
      for (byte each : piece) assertEquals('b', each);
      total += piece.length;
    }
    assertEquals(before.length, total);
    assertEquals("out", Levels.of(socket));
  }

  @Test
  void aSecondOneIsToldAndTakenAgain() throws Exception {
    link(EPOLL);
    for (char urgent = '1'; urgent <= '3'; urgent++) {
      peer.sendUrgentData(urgent);
      Levels.await("pri out", socket);
      assertArrayEquals(new byte[] {(byte) urgent}, socket.recvUrgent(1));
    }
    assertEquals("out", Levels.of(socket));
  }

  @Test
  void withoutTakingItRecvStepsOverIt() throws Exception {
    link(EPOLL);
    send("ab");
    peer.sendUrgentData('!');
    send("cd");
    Levels.await("in pri out", socket);
    assertEquals("ab", recv(9)); // The kernel stops there.
    assertEquals("cd", recv(9));
    assertEquals("", Levels.of(socket, Readiness.IN | Readiness.PRI));
    assertEquals(Errno.EINVAL, errnoOf(() -> socket.recvUrgent(1)));
    peer.sendUrgentData('!');
    Levels.await("pri out", socket);
    assertThrows(WouldBlockException.class, () -> socket.recv(9));
    assertEquals("out", Levels.of(socket));
  }

  @Test
  void epollCannotSendIt() throws Exception {
    link(EPOLL);
    OsException none = assertThrows(OsException.class, () -> socket.sendUrgent(new byte[1]));
    assertEquals(Errno.EOPNOTSUPP, none.errno());
    String where = "(docs/differences.md#no-sending-urgent-data-on-epoll)";
    assertTrue(none.getMessage().endsWith(where), none.getMessage());
  }

  @Test
  void nioSendsTheLastByteUrgently() throws Exception {
    link(NIO);
    peer.setOOBInline(true);
    assertEquals(3, socket.sendUrgent("ab!".getBytes(ISO_8859_1)));
    assertEquals(0, socket.sendUrgent(new byte[0]));
    assertEquals("ab!", new String(peer.getInputStream().readNBytes(3), ISO_8859_1));
  }

  @Test
  void nioDoesNotReceiveIt() throws Exception {
    link(NIO);
    OsException none = assertThrows(OsException.class, () -> socket.recvUrgent(1));
    assertEquals(Errno.EOPNOTSUPP, none.errno());
    String where = "(docs/differences.md#no-urgent-data-on-nio)";
    assertTrue(none.getMessage().endsWith(where), none.getMessage());
  }

  @ParameterizedTest
  @MethodSource("org.asyncore.fixture.Wiring#transports")
  void ordinaryDataIsNoUrgentData(Wiring wiring) throws Exception {
    link(wiring);
    send("plain");
    Levels.await("in out", socket);
    assertEquals("plain", recv(9));
    assertEquals("out", Levels.of(socket));
  }
}
