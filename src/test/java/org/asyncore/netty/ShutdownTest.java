package org.asyncore.netty;

import static org.asyncore.fixture.Ascii.bytes;
import static org.asyncore.fixture.Ascii.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.asyncore.SocketMap;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.SocketType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kernel still does for a stream that was shut down by ourselves. */
class ShutdownTest {
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  @TempDir private Path folder;

  private AsyncSocket socket;
  private SocketChannel peer;

  private void link(String transport, Family family) throws IOException {
    new Wiring(transport, Family.INET, true).assumeAvailable();
    boolean isUnix = family == Family.UNIX;
    SocketAddress any =
        isUnix
            ? UnixDomainSocketAddress.of(folder.resolve("socket"))
            : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    StandardProtocolFamily protocols =
        isUnix ? StandardProtocolFamily.UNIX : StandardProtocolFamily.INET;
    try (ServerSocketChannel door = ServerSocketChannel.open(protocols)) {
      door.bind(any);
      socket = new SocketMap(transport).transport().socket(family, SocketType.STREAM);
      socket.connectEx(door.getLocalAddress());
      peer = door.accept();
    }
    Levels.await("out", socket);
    socket.takeError(); // Tells the socket that it is connected.
  }

  @AfterEach
  void close() throws IOException {
    if (socket != null) socket.close();
    if (peer != null) peer.close();
  }

  private String recv(int byteCount) {
    return text(socket.recv(byteCount));
  }

  private void peerSends(String data) throws IOException {
    peer.write(ByteBuffer.wrap(bytes(data)));
  }

  @ParameterizedTest
  @CsvSource({"epoll, INET", "epoll, UNIX", "nio, INET", "nio, UNIX"})
  void whatHasComeIsReceivedAfterReadingIsShutDown(String transport, Family family)
      throws Exception {
    link(transport, family);
    peerSends("hello");
    Levels.await("in out", socket);
    socket.shutdown(Shutdown.RD);
    Levels.await("in out", socket);
    assertEquals("he", recv(2));
    Levels.await("in out", socket);
    assertEquals("llo", recv(10));
    assertEquals("", recv(10));
    Levels.await("in out", socket);
    assertEquals(1, socket.send(bytes("x"), 0, 1));
    assertEquals('x', read());
  }

  private int read() throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    return peer.read(one) < 0 ? -1 : one.get(0);
  }

  @ParameterizedTest
  @CsvSource({"epoll, INET", "epoll, UNIX", "nio, INET", "nio, UNIX"})
  void soItIsWhenBothDirectionsAreShutDown(String transport, Family family) throws Exception {
    link(transport, family);
    peerSends("hello");
    Levels.await("in out", socket);
    socket.shutdown(Shutdown.RDWR);
    assertEquals("hello", recv(10));
    assertEquals("", recv(10));
    assertEquals(-1, read());
  }

  /** More than one read takes; a Unix socket has at once what its peer wrote. */
  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void allThatHasComeIsReceived(String transport) throws Exception {
    link(transport, Family.UNIX);
    String sent = "0123456789".repeat(10_000);
    peerSends(sent);
    socket.shutdown(Shutdown.RD);
    StringBuilder got = new StringBuilder();
    for (String piece = recv(30_000); !piece.isEmpty(); piece = recv(30_000)) got.append(piece);
    assertEquals(sent, got.toString());
  }

  /** On NIO not: docs/differences.md#nio-shutdown-reads-no-more. */
  @ParameterizedTest
  @CsvSource({"epoll, more", "nio, ''"})
  void tcpOnEpollReceivesWhatComesLaterToo(String transport, String more) throws Exception {
    link(transport, Family.INET);
    socket.shutdown(Shutdown.RD);
    assertEquals("", recv(10));
    peerSends("more");
    String got = recv(10);
    for (long start = System.nanoTime(); !got.equals(more); got = recv(10)) {
      if (System.nanoTime() - start > LIMIT_NANOS) throw new AssertionError("got '" + got + "'");
    }
    assertEquals("", recv(10));
  }

  @ParameterizedTest
  @CsvSource({"epoll, INET", "epoll, UNIX", "nio, INET", "nio, UNIX"})
  void nothingIsTakenAfterWritingIsShutDownThoughBytesWait(String transport, Family family)
      throws Exception {
    link(transport, family);
    byte[] piece = new byte[1 << 20];
    while (fits(piece)) Thread.onSpinWait();
    socket.shutdown(Shutdown.WR);
    for (int byteCount : new int[] {1, 0}) {
      OsException refused =
          assertThrows(OsException.class, () -> socket.send(new byte[1], 0, byteCount));
      assertEquals(Errno.EPIPE, refused.errno());
    }
    assertEquals(family == Family.INET ? "out" : "", Levels.of(socket));
  }

  private boolean fits(byte[] piece) {
    try {
      socket.send(piece, 0, piece.length);
      return true;
    } catch (OsException full) {
      assertEquals(Errno.EAGAIN, full.errno());
      return false;
    }
  }
}
