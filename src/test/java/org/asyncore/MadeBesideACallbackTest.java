package org.asyncore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.asyncore.fixture.Ascii;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Other;
import org.asyncore.fixture.Peer;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.Wiring;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Pipe;
import org.asyncore.transport.SocketType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A thread binds, listens, connects and opens files while a callback of the same map waits for it:
 * all of that is done at once, and the loop goes on from there as if it had been done in turn.
 */
@ParameterizedClass
@MethodSource("cases")
class MadeBesideACallbackTest {
  /** Why the callback does not end before the call has. */
  enum Waits {
    /** It waits for the thread that calls. */
    FOR_THE_CALLER {
      @Override
      <T> Other<T> go(Callable<T> call) {
        Other<T> caller = Other.thread("caller", call);
        caller.result();
        return caller;
      }
    },
    /** It needs a lock, which the thread that calls has meanwhile. */
    FOR_A_LOCK {
      @Override
      <T> Other<T> go(Callable<T> call) {
        Object lock = new Object();
        CountDownLatch locked = new CountDownLatch(1);
        Other<T> caller =
            Other.thread(
                "caller",
                () -> {
                  synchronized (lock) {
                    locked.countDown();
                    return call.call();
                  }
                });
        Other.await(() -> locked.getCount() == 0, "lock");
        synchronized (lock) {
          return caller;
        }
      }
    };

    abstract <T> Other<T> go(Callable<T> call);
  }

  /** When the socket was made. */
  enum Made {
    /** By the thread that calls, too: its loop does not know it yet. */
    BESIDE,
    /** Before the callback. */
    BEFORE,
    /** Before, and passes have asked it. */
    ASKED
  }

  record Case(Wiring wiring, Waits waits, Made made) {}

  static Stream<Case> cases() {
    return Wiring.inet()
        .flatMap(
            wiring ->
                Stream.of(Waits.values())
                    .flatMap(
                        waits ->
                            Stream.of(Made.values()).map(made -> new Case(wiring, waits, made))));
  }

  private final Case tried;
  private final Loopback loopback;
  @TempDir Path folder;

  MadeBesideACallbackTest(Case tried) {
    this.tried = tried;
    loopback = new Loopback(tried.wiring);
  }

  @BeforeEach
  void keepsTheMapRunning() {
    loopback.link("keeper").dispatcher().wants(false, false);
  }

  @AfterEach
  void close() {
    loopback.close();
  }

  /** Makes a call beside a callback that does not end before. */
  private <T> T beside(Callable<T> call) {
    AtomicReference<Other<T>> made = new AtomicReference<>();
    loopback.map().execute(() -> made.set(tried.waits.go(call)));
    loopback.pass();
    return made.get().result();
  }

  private RecordingDispatcher make(String name, Family family) {
    RecordingDispatcher dispatcher = loopback.calls().dispatcher(name, null);
    dispatcher.createSocket(family);
    // To poll a fresh socket has hung up, of which a program that is asked too early hears.
    return dispatcher.wants(false, false);
  }

  /** Does something with a dispatcher beside a callback. */
  private RecordingDispatcher with(Family family, Consumer<RecordingDispatcher> action) {
    if (tried.made == Made.BESIDE) {
      return beside(
          () -> {
            RecordingDispatcher made = make("a", family);
            action.accept(made);
            return made;
          });
    }
    RecordingDispatcher made = make("a", family);
    if (tried.made == Made.ASKED) {
      made.wants(false, !tried.wiring.usePoll());
      loopback.pass();
      loopback.calls().take();
      made.wants(false, false);
    }
    return beside(
        () -> {
          action.accept(made);
          return made;
        });
  }

  private Family family() {
    return tried.wiring.family();
  }

  // --- streams ---

  private void isServing(RecordingDispatcher listener) {
    listener.wants(true, false);
    loopback.calls().take();
    loopback.peer(Loopback.addressOf(listener));
    loopback.untilCalled("a handleAccepted");
    assertTrue(listener.accepting());
    listener.close();
  }

  @Test
  void aListenerServes() {
    RecordingDispatcher listener =
        with(
            family(),
            made -> {
              made.setReuseAddr();
              made.bind(loopback.anyPort());
              InetSocketAddress bound = (InetSocketAddress) made.socket().getsockname();
              made.listen(5);
              made.listen(6);
              assertEquals(bound, made.socket().getsockname());
              assertThrows(OsException.class, () -> made.socket().accept());
              assertThrows(OsException.class, () -> made.socket().recv(1));
            });
    isServing(listener);
  }

  @Test
  void whatIsBoundBesideListensInTurn() {
    RecordingDispatcher bound = with(family(), made -> made.bind(loopback.anyPort()));
    Object address = bound.socket().getsockname();
    bound.listen(5);
    assertEquals(address, bound.socket().getsockname());
    isServing(bound);
  }

  @Test
  void aListenerClosesBeside() {
    InetSocketAddress[] address = {null};
    RecordingDispatcher listener =
        with(
            family(),
            made -> {
              made.bind(loopback.anyPort());
              made.listen(5);
              address[0] = Loopback.addressOf(made);
              made.close();
            });
    loopback.pass();
    assertEquals(-1, listener.socket().fileno());
    RecordingDispatcher next = loopback.fresh("b");
    next.bind(address[0]); // Which is free again.
    next.close();
  }

  private void echoes(RecordingDispatcher client, Peer peer) {
    client.on("handleRead", d -> d.send(d.recv(100)));
    client.wants(true, false);
    peer.send("hello");
    loopback.untilCalled("a handleRead");
    assertEquals("hello", peer.receive(5));
    assertTrue(client.connected());
    client.close();
    assertEquals("'' then closed", peer.receiveAll().toString());
  }

  @Test
  void aClientConnects() {
    Peer.Door door = loopback.door();
    RecordingDispatcher client = with(family(), made -> made.connect(door.address()));
    Peer peer = door.accept();
    client.wants(false, true);
    loopback.untilCalled("a handleConnect");
    assertEquals(door.address(), client.socket().getpeername());
    echoes(client, peer);
  }

  @Test
  void aClientThatIsBoundConnects() {
    Peer.Door door = loopback.door();
    Object[] bound = {null};
    RecordingDispatcher client =
        with(
            family(),
            made -> {
              made.bind(loopback.anyPort());
              bound[0] = made.socket().getsockname();
              made.connect(door.address());
            });
    Peer peer = door.accept();
    client.wants(false, true);
    loopback.untilCalled("a handleConnect");
    assertEquals(bound[0], client.socket().getsockname());
    echoes(client, peer);
  }

  @Test
  void aConnectIsUnderWayAndThenUp() {
    Peer.Door door = loopback.door();
    Peer[] peer = {null};
    RecordingDispatcher client =
        with(
            family(),
            made -> {
              assertEquals(Errno.EINPROGRESS, made.socket().connectEx(door.address()));
              peer[0] = door.accept();
              Errno again = made.socket().connectEx(door.address());
              assertTrue(
                  List.of(Errno.OK, Errno.EISCONN, Errno.EALREADY).contains(again),
                  again::toString);
            });
    client.wants(false, true);
    loopback.until(() -> client.socket().connectEx(door.address()) == Errno.EISCONN, "connection");
    client.connected(true); // Which connect() would have seen to.
    echoes(client, peer[0]);
  }

  @Test
  void aRefusedConnectIsToldAsInTurn() {
    InetSocketAddress nowhere = loopback.nowhere();
    RecordingDispatcher inTurn = make("a", family());
    inTurn.connect(nowhere);
    inTurn.wants(true, true);
    loopback.untilCalled("a handleClose");
    inTurn.close();
    List<String> expected = loopback.calls().take();
    RecordingDispatcher client = with(family(), made -> made.connect(nowhere));
    client.wants(true, true);
    loopback.untilCalled("a handleClose");
    assertEquals(expected, loopback.calls().take());
    client.close();
  }

  @Test
  void whatIsConnectedBesideGetsAPipeline() {
    Peer.Door door = loopback.door();
    RecordingDispatcher client = with(family(), made -> made.connect(door.address()));
    DispatcherChannels.pipeline(client);
    Peer peer = door.accept();
    client.wants(false, true);
    loopback.untilCalled("a handleConnect");
    echoes(client, peer);
  }

  @Test
  void unixSocketsServeAndConnect() {
    UnixDomainSocketAddress path = UnixDomainSocketAddress.of(folder.resolve("s"));
    RecordingDispatcher listener =
        with(
            Family.UNIX,
            made -> {
              made.bind(path);
              made.listen(5);
            });
    listener.wants(true, false);
    String[] got = {""};
    listener.on("handleAccepted", d -> {});
    RecordingDispatcher client =
        with(
            Family.UNIX,
            made -> {
              made.connect(path);
              assertTrue(made.connected());
              assertEquals(5, made.send(Ascii.bytes("hello")));
            });
    AsyncSocket[] accepted = {null};
    Other.await(
        () -> {
          try {
            accepted[0] = listener.socket().accept().socket();
            return true;
          } catch (OsException notYet) {
            return false;
          }
        },
        "connection");
    loopback.map().sendAtOnce(true);
    client.wants(false, true);
    client.on("handleWrite", d -> d.wants(false, false).send(Ascii.bytes(" again")));
    loopback.untilCalled("a handleWrite");
    while (got[0].length() < 11) got[0] += Ascii.text(accepted[0].recv(100));
    assertEquals("hello again", got[0]);
    accepted[0].close();
    client.close();
    listener.close();
  }

  @Test
  void aUnixConnectThatIsRefusedMayBeTriedAgain() {
    UnixDomainSocketAddress path = UnixDomainSocketAddress.of(folder.resolve("s"));
    RecordingDispatcher client =
        with(Family.UNIX, made -> assertEquals(Errno.ENOENT, made.socket().connectEx(path)));
    RecordingDispatcher listener = make("b", Family.UNIX);
    listener.bind(path);
    listener.listen(5);
    assertEquals(Errno.OK, client.socket().connectEx(path));
    client.close();
    listener.close();
  }

  // --- datagrams ---

  private AsyncSocket datagramSocket(Family family) {
    return loopback.map().transport().socket(family, SocketType.DGRAM);
  }

  @Test
  void datagramSocketsTalk() {
    AsyncSocket before = tried.made == Made.BESIDE ? null : datagramSocket(family());
    AsyncSocket other = datagramSocket(family());
    other.bind(loopback.anyPort());
    AsyncSocket socket =
        beside(
            () -> {
              AsyncSocket made = before == null ? datagramSocket(family()) : before;
              made.setsockopt(StandardSocketOptions.SO_BROADCAST, true);
              assertTrue(made.getsockopt(StandardSocketOptions.SO_BROADCAST));
              made.bind(loopback.anyPort());
              assertEquals(Errno.OK, made.connectEx(other.getsockname()));
              assertEquals(other.getsockname(), made.getpeername());
              assertEquals(Errno.OK, made.takeError());
              assertEquals(2, made.send(ByteBuffer.wrap(Ascii.bytes("hi"))));
              return made;
            });
    assertEquals("hi", receive(other));
    other.sendto(Ascii.bytes("there"), socket.getsockname());
    assertEquals("there", receive(socket));
    socket.close();
    other.close();
  }

  private static String receive(AsyncSocket socket) {
    String[] come = {null};
    Other.await(
        () -> {
          try {
            come[0] = Ascii.text(socket.recv(100));
            return true;
          } catch (OsException notYet) {
            return false;
          }
        },
        "datagram");
    return come[0];
  }

  // --- urgent data, files ---

  @Test
  void urgentDataIsSentAndReceived() {
    Loopback.Linked linked = loopback.link("a");
    AsyncSocket socket = linked.dispatcher().wants(false, false).socket();
    if (tried.wiring.transport().equals("nio")) {
      assertEquals(2, beside(() -> socket.sendUrgent(Ascii.bytes("x!"))));
      assertInstanceOf(OsException.class, beside(() -> failure(() -> socket.recvUrgent(1))));
      assertEquals("x", linked.peer().receive(1));
    } else {
      linked.peer().send("before").sendUrgent('!');
      assertInstanceOf(
          OsException.class, beside(() -> failure(() -> socket.sendUrgent(Ascii.bytes("!")))));
      assertEquals("!", Ascii.text(beside(() -> urgent(socket))));
      assertEquals("before", Ascii.text(socket.recv(100)));
    }
    linked.dispatcher().close();
  }

  private static byte[] urgent(AsyncSocket socket) {
    byte[][] urgent = {null};
    Other.await(
        () -> {
          try {
            urgent[0] = socket.recvUrgent(1);
            return true;
          } catch (OsException notYet) {
            return false;
          }
        },
        "urgent byte");
    return urgent[0];
  }

  private static Throwable failure(Callable<?> call) {
    try {
      throw new AssertionError("not refused: " + call.call());
    } catch (Exception refused) {
      return refused;
    }
  }

  @Test
  void filesAreMadeReadAndWritten() {
    assumeTrue(tried.made == Made.BESIDE);
    Pipe pipe = loopback.map().transport().pipe();
    FileWrapper[] ends =
        beside(
            () -> {
              FileWrapper reader = new FileWrapper(pipe.reader().fileno(), loopback.map());
              FileWrapper writer = new FileWrapper(pipe.writer().fileno(), loopback.map());
              assertEquals(5, writer.send(Ascii.bytes("hello"), 0, 5));
              assertEquals("hel", Ascii.text(reader.recv(3)));
              return new FileWrapper[] {reader, writer};
            });
    assertEquals("lo", Ascii.text(beside(() -> ends[0].recv(100))));
    for (FileWrapper each : ends) each.close();
    pipe.reader().close();
    pipe.writer().close();
  }
}
