package org.asyncore.compat.play;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.asyncore.compat.scenario.Action;
import org.asyncore.compat.scenario.Bytes;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Datagram;
import org.asyncore.transport.Family;
import org.asyncore.transport.Pipe;
import org.asyncore.transport.Transport;

/** What peers do. */
final class PeerOperations {
  private static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final World world;

  PeerOperations(World world) {
    this.world = world;
  }

  Map<String, Operation> all() {
    Map<String, Operation> all = new HashMap<>();
    all.put("listen", this::listen);
    all.put("accept", this::accept);
    all.put("connect", this::connect);
    all.put("pair", this::pair);
    all.put("pipe", this::pipe);
    all.put("udp", this::udp);
    all.put("send", this::send);
    all.put("send_oob", this::sendUrgent);
    all.put("sendto", this::sendto);
    all.put("recvfrom", this::recvfrom);
    all.put("shutdown", this::shutdown);
    all.put("close", this::close);
    all.put("reset", this::reset);
    all.put("recv", action -> receive(action, action.integer("n"), world.waiting()));
    all.put("recv_all", action -> receive(action, StreamPeer.ALL, world.waiting()));
    all.put("recv_now", this::receiveNow);
    all.put("drain", this::drain);
    return all;
  }

  private Object listen(Action action) throws IOException {
    String name = action.text("peer");
    Family family = action.family();
    SocketAddress address = world.addresses().fresh(name, family);
    ListeningPeer peer =
        world.peer(name, new ListeningPeer(family, address, action.integer("backlog", 5)));
    world.addresses().remember(name, peer.localAddress(), true);
    return null;
  }

  private Object accept(Action action) throws IOException, InterruptedException {
    ListeningPeer at = world.peer(ListeningPeer.class, action.text("at"));
    world.peer(action.text("peer"), at.accept(world.waiting()));
    return null;
  }

  private Object connect(Action action) throws IOException, InterruptedException {
    String name = action.text("peer");
    SocketAddress address = world.addresses().of(action.text("to"));
    Family family = Addresses.family(address);
    PlainStream channel = Grounds.OF_PROCESS.stream(family);
    if (family != Family.UNIX) channel.bind(world.addresses().fresh(name, family));
    SocketPeer peer = world.peer(name, new SocketPeer(channel, family));
    world.addresses().remember(name, peer.localAddress(), false);
    peer.connect(address, world.waiting());
    return null;
  }

  private Object pair(Action action) throws IOException, InterruptedException {
    String socket = action.text("sock");
    Transport transport = world.transportFor("sock", socket);
    world.socket(socket, pair(action.text("peer"), action.family(), transport));
    return null;
  }

  /** A pair; the result is the library's end. */
  AsyncSocket pair(String peer, Family family, Transport transport)
      throws IOException, InterruptedException {
    AsyncSocket socket = world.pairs().make(peer, family, transport);
    world.noDelay(socket);
    return socket;
  }

  private Object pipe(Action action) {
    String name = action.text("fd");
    Pipe pipe = world.transportFor("fd", name).pipe();
    boolean channelReads = action.text("channel_end", "read").equals("read");
    world.peer(action.text("peer"), new PipePeer(channelReads ? pipe.writer() : pipe.reader()));
    world.descriptor(name, channelReads ? pipe.reader() : pipe.writer());
    return null;
  }

  private Object udp(Action action) throws IOException {
    String name = action.text("peer");
    Family family = action.family();
    SocketAddress address = world.addresses().fresh(name, family);
    DatagramPeer peer = world.peer(name, new DatagramPeer(family, address));
    world.addresses().remember(name, peer.localAddress(), true);
    return null;
  }

  private Object send(Action action) throws IOException, InterruptedException {
    stream(action).send(action.bytes("data"), world.waiting());
    return null;
  }

  private Object sendUrgent(Action action) throws IOException {
    socket(action).sendUrgent(action.bytes("data"));
    return null;
  }

  private Object sendto(Action action) throws IOException {
    SocketAddress address = world.addresses().of(action.text("to"));
    world.peer(DatagramPeer.class, action.text("peer")).send(action.bytes("data"), address);
    return null;
  }

  private Object recvfrom(Action action) throws IOException, InterruptedException {
    DatagramPeer peer = world.peer(DatagramPeer.class, action.text("peer"));
    Datagram datagram = peer.receive(world.waiting());
    return Lines.of(
        "data", Bytes.show(datagram.data()), "from", world.addresses().show(datagram.address()));
  }

  private Object shutdown(Action action) throws IOException {
    socket(action).shutdown();
    return null;
  }

  private Object close(Action action) throws IOException {
    Peer peer = world.peer(Peer.class, action.text("peer"));
    peer.close();
    world.isClosed(peer);
    return null;
  }

  private Object reset(Action action) throws IOException {
    SocketPeer peer = socket(action);
    peer.reset();
    world.isClosed(peer);
    return null;
  }

  private Object receiveNow(Action action) throws IOException, InterruptedException {
    world.waiting().settle();
    return receive(action, StreamPeer.ALL, null);
  }

  private Object receive(Action action, int wanted, Waiting waiting)
      throws IOException, InterruptedException {
    StreamPeer.Received received = stream(action).receive(wanted, waiting);
    String then =
        switch (received.state()) {
          case OPEN -> "open";
          case TIMEOUT -> "timeout";
          case EOF -> action.flag("how", false) ? "eof" : "closed";
          case RESET -> action.flag("how", false) ? "reset" : "closed";
        };
    return Lines.of("data", Bytes.show(received.data()), "then", then);
  }

  private Object drain(Action action) throws IOException, InterruptedException {
    StreamPeer peer = stream(action);
    boolean isSome = true;
    while (isSome) isSome = peer.discard(world.waiting(), DRAIN_NANOS);
    return null;
  }

  private SocketPeer socket(Action action) {
    return world.peer(SocketPeer.class, action.text("peer"));
  }

  private StreamPeer stream(Action action) {
    return world.peer(StreamPeer.class, action.text("peer"));
  }
}
