package org.asyncore.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import org.asyncore.fixture.NettyIo;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Datagram;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.WouldBlockException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unix domain datagrams, which are reliable: a full queue holds the sender up. */
class UnixDatagramTest {
  @TempDir Path folder;

  private NettyTransport transport;
  private AsyncSocket sender;
  private AsyncSocket receiver;
  private SocketAddress there;

  @BeforeEach
  void open() {
    NettyIo.EPOLL.assumeAvailable();
    transport = NettyTransport.open("epoll");
    sender = transport.socket(Family.UNIX, SocketType.DGRAM);
    receiver = transport.socket(Family.UNIX, SocketType.DGRAM);
    there = UnixDomainSocketAddress.of(folder.resolve("there"));
    receiver.bind(there);
  }

  @AfterEach
  void close() {
    if (transport == null) return;
    sender.close();
    receiver.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static Errno errnoOf(Runnable call) {
    return assertThrows(OsException.class, call::run).errno();
  }

  @Test
  void aDatagramKeepsItsBordersAndItsSender() {
    assertEquals(5, sender.sendto(bytes("first"), there));
    Levels.await("in out", receiver);
    Datagram first = receiver.recvfrom(4);
    assertEquals("firs", new String(first.data(), ISO_8859_1));
    assertEquals(UnixDomainSocketAddress.of(""), first.address());
    SocketAddress here = UnixDomainSocketAddress.of(folder.resolve("here"));
    sender.bind(here);
    assertEquals(0, sender.sendto(new byte[0], there));
    assertEquals(6, sender.sendto(bytes("second"), there));
    assertEquals(0, receiver.recv(9).length);
    Datagram second = receiver.recvfrom(9);
    assertEquals("second", new String(second.data(), ISO_8859_1));
    assertEquals(here, second.address());
    assertThrows(WouldBlockException.class, () -> receiver.recv(9));
    assertEquals("out", Levels.of(receiver));
  }

  @Test
  void aConnectedPairTalks() {
    sender.bind(UnixDomainSocketAddress.of(folder.resolve("here")));
    assertEquals(Errno.OK, sender.connectEx(there));
    assertEquals(Errno.OK, receiver.connectEx(sender.getsockname()));
    assertEquals(there, sender.getpeername());
    assertEquals(4, sender.send(bytes("ping"), 0, 4));
    assertEquals("ping", new String(receiver.recv(9), ISO_8859_1));
    assertEquals(0, receiver.send(new byte[0], 0, 0));
    Levels.await("in out", sender);
    assertEquals(0, sender.recv(9).length);
    assertThrows(WouldBlockException.class, () -> sender.recv(9));
  }

  @Test
  void whatIsWrongIsNamed() {
    SocketAddress missing = UnixDomainSocketAddress.of(folder.resolve("missing"));
    assertEquals(Errno.EADDRINUSE, errnoOf(() -> sender.bind(there)));
    assertEquals(Errno.ENOENT, sender.connectEx(missing));
    assertEquals(Errno.ENOTCONN, errnoOf(() -> sender.send(new byte[1], 0, 1)));
    assertEquals(Errno.ENOENT, errnoOf(() -> sender.sendto(new byte[1], missing)));
    receiver.close();
    assertEquals(Errno.ECONNREFUSED, sender.connectEx(there));
    assertEquals(Errno.ECONNREFUSED, errnoOf(() -> sender.sendto(new byte[1], there)));
  }

  @Test
  void aDatagramWithoutRoomIsNotTaken() {
    sender.connectEx(there);
    int taken = 0;
    while (Levels.of(sender).contains("out")) {
      assertTrue(taken < 10_000, "the queue is never full");
      assertEquals(1, sender.send(new byte[] {(byte) taken}, 0, 1));
      taken++;
    }
    assertThrows(WouldBlockException.class, () -> sender.send(new byte[1], 0, 1));
    assertThrows(WouldBlockException.class, () -> sender.sendto(new byte[1], there));
    for (int i = 0; i < taken; i++) assertEquals((byte) i, receiver.recv(9)[0]);
    assertThrows(WouldBlockException.class, () -> receiver.recv(9));
    Levels.await("out", sender);
    assertEquals(4, sender.send(bytes("room"), 0, 4));
    assertEquals("room", new String(receiver.recv(9), ISO_8859_1));
  }

  @Test
  void nioHasNone() {
    NettyTransport nio = NettyTransport.open("nio");
    OsException none =
        assertThrows(OsException.class, () -> nio.socket(Family.UNIX, SocketType.DGRAM));
    assertEquals(Errno.EPROTONOSUPPORT, none.errno());
    assertTrue(none.getMessage().endsWith("(docs/differences.md#no-unix-datagrams-on-nio)"));
  }
}
