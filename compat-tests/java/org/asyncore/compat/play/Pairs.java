package org.asyncore.compat.play;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.asyncore.compat.scenario.ScenarioException;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.Transport;
import org.asyncore.transport.WouldBlockException;

/**
 * Connected stream pairs: a peer's end, and the end that the library accepted.
 *
 * <p>The listening socket of a family is kept: closing it would leave a hole among the descriptors.
 * It is made at the first pair, as record.py does; that of Unix sockets, for which record.py needs
 * none, before the scenario begins.
 */
final class Pairs {
  private static final int BACKLOG = 128;

  private final World world;
  private final Map<List<Object>, AsyncSocket> listeners = new HashMap<>();

  Pairs(World world) {
    this.world = world;
  }

  /** Makes a pair; the library's end comes from this transport and is for {@code new}. */
  AsyncSocket make(String peer, Family family, Transport transport)
      throws IOException, InterruptedException {
    AsyncSocket listener =
        listeners.computeIfAbsent(List.of(transport, family), key -> listen(transport, family));
    PlainStream ours = Grounds.OF_PROCESS.stream(family);
    SocketPeer end = world.peer(peer, new SocketPeer(ours, family));
    end.connect(listener.getsockname(), world.waiting());
    Accepted theirs = world.waiting().until(() -> accept(listener));
    if (theirs == null) throw new ScenarioException("a connection is never accepted");
    world.addresses().remember(peer, end.localAddress(), false);
    return theirs.socket();
  }

  private static Accepted accept(AsyncSocket listener) {
    try {
      return listener.accept();
    } catch (WouldBlockException notYet) {
      return null; // The connection is there; the transport has yet to see it.
    }
  }

  /** Makes the listening socket for the Unix pairs of this transport. */
  void prepareUnix(Transport transport) {
    listeners.computeIfAbsent(
        List.of(transport, Family.UNIX), key -> listen(transport, Family.UNIX));
  }

  private AsyncSocket listen(Transport transport, Family family) {
    AsyncSocket listener = transport.socket(family, SocketType.STREAM);
    world.opened(listener::close);
    SocketAddress address = world.addresses().fresh("pairs-" + listeners.size(), family);
    listener.bind(address);
    listener.listen(BACKLOG);
    return listener;
  }
}
