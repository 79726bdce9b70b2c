package org.asyncore;

import static org.asyncore.fixture.Ascii.bytes;
import static org.asyncore.fixture.Ascii.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.Peer;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.SocketType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Descriptors that somebody else has opened become sockets, and sockets descriptors. */
@ParameterizedClass
@MethodSource("org.asyncore.fixture.Wiring#all")
class SocketByDescriptorTest {
  private final Wiring wiring;
  private Loopback loopback;

  SocketByDescriptorTest(Wiring wiring) {
    this.wiring = wiring;
  }

  @BeforeEach
  void open() {
    loopback = new Loopback(wiring);
  }

  @AfterEach
  void close() {
    loopback.close();
  }

  private boolean isNio() {
    return wiring.transport().equals("nio");
  }

  private AsyncSocket socketOver(int descriptor) {
    return loopback.map().transport().socket(descriptor);
  }

  /** A blocking listener that no loop has made. */
  private Socket foreignListener() throws IOException {
    Socket socket = Socket.newSocketStream();
    socket.bind(new InetSocketAddress(wiring.loopback(), 0));
    socket.listen(5);
    return socket;
  }

  @Test
  void aDetachedConnectionIsTakenAgain() {
    if (isNio()) return; // See the last test.
    Loopback.Linked linked = loopback.link("a");
    RecordingDispatcher before = linked.dispatcher();
    assertEquals(3, before.send(bytes("one")));
    AsyncSocket given = before.socket();
    int number = given.fileno();
    assertEquals(number, given.detach());
    assertEquals(-1, given.fileno());
    before.delChannel();

    AsyncSocket taken = socketOver(number);
    assertEquals(number, taken.fileno());
    assertEquals(wiring.family(), taken.family());
    assertEquals(SocketType.STREAM, taken.type());
    RecordingDispatcher after = loopback.calls().dispatcher("b", taken).wants(true, false);
    assertTrue(after.connected());
    given.close(); // It has no descriptor any more.
    linked.peer().send("two");
    loopback.untilCalled("b handleRead");
    assertEquals("two", text(after.recv(10)));
    assertEquals(5, after.send(bytes("three")));
    assertEquals("onethree", linked.peer().receive(8));
  }

  @Test
  void aDescriptorIsTakenInsideACallback() {
    if (isNio()) return;
    Loopback.Linked linked = loopback.link("a");
    RecordingDispatcher before = linked.dispatcher().wants(true, false);
    RecordingDispatcher[] after = new RecordingDispatcher[1];
    before.on(
        "handleRead",
        self -> {
          int number = self.socket().detach();
          self.delChannel();
          after[0] = loopback.calls().dispatcher("b", socketOver(number)).wants(true, false);
        });
    linked.peer().send("still here");
    loopback.untilCalled("b handleRead");
    assertEquals("still here", text(after[0].recv(20)));
  }

  @Test
  void aDescriptorIsTakenBesideACallback() {
    if (isNio()) return;
    Loopback.Linked linked = loopback.link("a");
    Loopback.Linked waiting = loopback.link("c");
    int number = linked.dispatcher().socket().detach();
    linked.dispatcher().delChannel();
    AsyncSocket[] taken = new AsyncSocket[1];
    waiting
        .dispatcher()
        .wants(true, false)
        .on(
            "handleRead",
            self -> taken[0] = Other.thread("taker", () -> socketOver(number)).result());
    waiting.peer().send("go");
    loopback.untilCalled("c handleRead");
    waiting.dispatcher().on("handleRead", self -> self.recv(10));
    loopback.calls().dispatcher("b", taken[0]).wants(true, false);
    linked.peer().send("x");
    loopback.untilCalled("b handleRead");
  }

  @Test
  void aForeignListenerAccepts() throws IOException {
    if (isNio()) return;
    Socket foreign = foreignListener();
    RecordingDispatcher listener = loopback.calls().dispatcher("l", socketOver(foreign.intValue()));
    listener.accepting(true);
    listener.wants(true, false);
    Peer peer = loopback.peer(Loopback.addressOf(listener));
    loopback.untilCalled("l handleAccepted");
    assertEquals(2, listener.accepted().send(bytes("hi")));
    assertEquals("hi", peer.receive(2));
    listener.accepted().close();
    listener.close();
    assertThrows(IOException.class, () -> foreign.listen(1), "its descriptor is closed");
  }

  @Test
  void whatIsNoOpenStreamIsRefusedAndStaysOpen() throws IOException {
    if (isNio()) return;
    Socket fresh = Socket.newSocketStream();
    Socket datagrams = Socket.newSocketDgram();
    FileDescriptor[] pipe = FileDescriptor.pipe();
    assertRefused(Errno.ENOTCONN, fresh.intValue());
    assertRefused(Errno.EPROTOTYPE, datagrams.intValue());
    assertRefused(Errno.ENOTSOCK, pipe[0].intValue());
    for (FileDescriptor each : new FileDescriptor[] {fresh, datagrams, pipe[0], pipe[1]}) {
      assertTrue(Files.exists(Path.of("/proc/self/fd/" + each.intValue())), "closed: " + each);
      each.close();
    }
    assertRefused(Errno.EBADF, 1 << 20);
  }

  private void assertRefused(Errno errno, int descriptor) {
    OsException refused = assertThrows(OsException.class, () -> socketOver(descriptor));
    assertEquals(errno, refused.errno());
  }

  @Test
  void aDetachedListenerIsTakenAgain() {
    if (isNio()) return;
    RecordingDispatcher before = loopback.listener("l");
    int number = before.socket().detach();
    before.delChannel();
    RecordingDispatcher after = loopback.calls().dispatcher("m", socketOver(number));
    after.accepting(true);
    Peer peer = loopback.peer(Loopback.addressOf(after.wants(true, false)));
    loopback.untilCalled("m handleAccepted");
    after.accepted().close();
    assertEquals("", peer.receiveAll().data());
  }

  @Test
  void theJdkHidesDescriptors() {
    if (!isNio()) return; // Where there are some.
    assertRefused(Errno.EOPNOTSUPP, 0);
    Loopback.Linked linked = loopback.link("a");
    OsException refused = assertThrows(OsException.class, linked.dispatcher().socket()::detach);
    assertEquals(Errno.EOPNOTSUPP, refused.errno());
    linked.dispatcher().send(bytes("as before"));
    assertEquals("as before", linked.peer().receive(9));
  }

  @Test
  void aClosedSocketHasNothingToDetach() {
    AsyncSocket socket = loopback.map().transport().socket(Family.INET, SocketType.STREAM);
    socket.close();
    assertEquals(Errno.EBADF, assertThrows(OsException.class, socket::detach).errno());
  }
}
