package org.asyncore.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.fixture.Loopback;
import org.asyncore.fixture.Peer;
import org.asyncore.fixture.RecordingDispatcher;
import org.asyncore.fixture.Warnings;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Datagram;
import org.asyncore.transport.SocketType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs that work and keep their loop busy: a doctor without patience says nothing of them. */
class SpinDoctorIsQuietTest {
  private static final String WIRINGS = "org.asyncore.fixture.Wiring#inet";
  private static final int ROUNDS = 300;

  /** Three passes in a row, however short, would be a spin. */
  private final SpinDoctor doctor = new SpinDoctor(3, Duration.ZERO, Duration.ZERO);

  private int echoed;

  @ParameterizedTest
  @MethodSource(WIRINGS)
  void ofAnEchoUnderLoad(Wiring wiring) {
    try (Loopback loopback = new Loopback(wiring);
        Warnings warnings = new Warnings()) {
      loopback.map().observer(doctor);
      Server server = new Server(loopback, Echo::new);
      List<Peer> peers = new ArrayList<>();
      for (int i = 0; i < 8; i++) peers.add(loopback.peer(server.address()));
      for (int round = 1; round <= ROUNDS; round++) {
        int expected = round * 8 * 64;
        for (Peer peer : peers) peer.send(new byte[64]);
        loopback.until(() -> echoed == expected, "echo of " + expected + " bytes");
        for (Peer peer : peers) peer.receive(64);
      }
      assertEquals(List.of(), warnings.lines());
    }
  }

  @ParameterizedTest
  @MethodSource(WIRINGS)
  void ofBytesThatARecvLeavesForTheNext(Wiring wiring) {
    try (Loopback loopback = new Loopback(wiring);
        Warnings warnings = new Warnings()) {
      loopback.map().observer(doctor);
      Loopback.Linked linked = loopback.link("a");
      linked.dispatcher().wants(true, false).on("handleRead", d -> echoed += d.recv(3).length);
      linked.peer().send(new byte[3000]);
      loopback.until(() -> echoed == 3000, "3000 bytes");
      assertEquals(List.of(), warnings.lines());
    }
  }

  @ParameterizedTest
  @MethodSource(WIRINGS)
  void ofSocketsThatAreCalledPastTheirDispatcher(Wiring wiring) {
    try (Loopback loopback = new Loopback(wiring);
        Warnings warnings = new Warnings()) {
      loopback.map().observer(doctor);
      Loopback.Linked linked = loopback.link("a");
      AsyncSocket socket = linked.dispatcher().socket();
      linked
          .dispatcher()
          .on("handleRead", d -> echoed += socket.recv(10).length)
          .on("handleWrite", d -> socket.send(new byte[1], 0, 1));
      linked.peer().send(new byte[500]);
      loopback.until(() -> echoed == 500, "500 bytes");
      linked.peer().receive(50);
      assertEquals(List.of(), warnings.lines());
    }
  }

  @ParameterizedTest
  @MethodSource(WIRINGS)
  void ofDatagramsWithTheirAddresses(Wiring wiring) {
    try (Loopback loopback = new Loopback(wiring);
        Warnings warnings = new Warnings()) {
      loopback.map().observer(doctor);
      RecordingDispatcher receiver = datagrams(loopback);
      receiver.wants(true, false).on("handleRead", d -> take(d.socket().recvfrom(100)));
      RecordingDispatcher sender = datagrams(loopback);
      SocketAddress target = receiver.socket().getsockname();
      sender.wants(false, true).on("handleWrite", d -> d.socket().sendto(new byte[10], target));
      loopback.until(() -> echoed >= 3000, "300 datagrams");
      assertEquals(List.of(), warnings.lines());
    }
  }

  private void take(Datagram datagram) {
    echoed += datagram.data().length;
  }

  private static RecordingDispatcher datagrams(Loopback loopback) {
    RecordingDispatcher dispatcher = loopback.calls().dispatcher("d", null);
    dispatcher.createSocket(loopback.wiring().family(), SocketType.DGRAM);
    dispatcher.bind(loopback.anyPort());
    return dispatcher;
  }

  @ParameterizedTest
  @MethodSource(WIRINGS)
  void ofOneThatWaitsForRoom(Wiring wiring) {
    try (Loopback loopback = new Loopback(wiring);
        Warnings warnings = new Warnings()) {
      loopback.map().observer(doctor);
      Loopback.Linked linked = loopback.link("a");
      linked.dispatcher().wants(false, true).on("handleWrite", d -> d.send(new byte[65536]));
      for (int i = 0; i < 500; i++) loopback.pass();
      assertEquals(List.of(), warnings.lines());
    }
  }

  /** Peers that send, read, stop, half-close, close and reset, in an order that the seed says. */
  @ParameterizedTest
  @MethodSource(WIRINGS)
  void ofPeersThatComeAndGoAsTheyLike(Wiring wiring) {
    Random random = new Random(7);
    try (Loopback loopback = new Loopback(wiring);
        Warnings warnings = new Warnings()) {
      loopback.map().observer(doctor);
      Server echo = new Server(loopback, Echo::new);
      Server lines = new Server(loopback, Lines::new);
      List<Peer> peers = new ArrayList<>();
      for (int step = 0; step < 600; step++) {
        if (peers.size() < 10) {
          peers.add(loopback.peer((random.nextBoolean() ? echo : lines).address()));
        }
        Peer peer = peers.get(random.nextInt(peers.size()));
        switch (random.nextInt(20)) {
          case 0 -> leave(peers, peer, Peer::close);
          case 1 -> leave(peers, peer, Peer::reset);
          case 2 -> leave(peers, peer, Peer::endOutput);
          default -> peer.send("x".repeat(random.nextInt(200)) + "\r\n");
        }
        loopback.pass();
      }
      for (int i = 0; i < 100; i++) loopback.pass();
      assertEquals(List.of(), warnings.lines());
    }
  }

  private static void leave(List<Peer> peers, Peer peer, Consumer<Peer> manner) {
    manner.accept(peer);
    peers.remove(peer);
  }

  /** Listens, and makes a dispatcher of each connection. */
  private static final class Server extends Dispatcher {
    private final BiConsumer<AsyncSocket, SocketMap> maker;

    Server(Loopback loopback, BiConsumer<AsyncSocket, SocketMap> maker) {
      super(loopback.map());
      this.maker = maker;
      createSocket(loopback.wiring().family());
      bind(loopback.anyPort());
      listen(100);
    }

    InetSocketAddress address() {
      return (InetSocketAddress) socket().getsockname();
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      maker.accept(socket, map());
    }
  }

  private final class Echo extends DispatcherWithSend {
    Echo(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public void handleRead() {
      byte[] data = recv(8192);
      echoed += data.length;
      send(data);
    }
  }

  private static final class Lines extends AsyncChat {
    Lines(AsyncSocket socket, SocketMap map) {
      super(socket, map);
      setTerminator(new byte[] {'\r', '\n'});
    }

    @Override
    public void collectIncomingData(byte[] data) {
      appendIncomingData(data);
    }

    @Override
    public void foundTerminator() {
      push(takeIncomingData());
    }
  }
}
