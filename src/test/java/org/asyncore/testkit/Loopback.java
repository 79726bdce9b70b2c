package org.asyncore.testkit;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.asyncore.Asyncore;
import org.asyncore.SocketMap;

/**
 * Recording dispatchers on real sockets: a map on the wiring's transport, peers, and passes with a
 * bound. Closing it closes them all.
 */
public final class Loopback implements AutoCloseable {
  private final Wiring wiring;
  private final CallLog calls;
  private final List<Closing> opened = new ArrayList<>();

  public Loopback(Wiring wiring) {
    wiring.assumeAvailable();
    this.wiring = wiring;
    calls = new CallLog(new SocketMap(wiring.transport()).transport());
  }

  public Wiring wiring() {
    return wiring;
  }

  public CallLog calls() {
    return calls;
  }

  public SocketMap map() {
    return calls.map();
  }

  /** One pass, which does not wait. */
  public void pass() {
    Passes.one(map(), wiring.usePoll());
  }

  /** Runs passes until {@code condition} holds. */
  public void until(BooleanSupplier condition, String what) {
    Passes.until(map(), wiring.usePoll(), condition, what, calls);
  }

  /** Runs passes until this was called. */
  public void untilCalled(String call) {
    until(() -> calls.contains(call), call);
  }

  /** Runs the loop until its map is empty. */
  public void loop() {
    try {
      Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), map());
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted in the loop; calls so far: " + calls, e);
    }
  }

  /** A dispatcher with a fresh socket. */
  public RecordingDispatcher fresh(String name) {
    RecordingDispatcher dispatcher = calls.dispatcher(name, null);
    dispatcher.createSocket(wiring.family());
    return dispatcher;
  }

  /** A dispatcher that listens, on a port that the system chose. */
  public RecordingDispatcher listener(String name) {
    RecordingDispatcher dispatcher = fresh(name);
    dispatcher.bind(anyPort());
    dispatcher.listen(5);
    return dispatcher;
  }

  /** Where a listener listens. */
  public static InetSocketAddress addressOf(RecordingDispatcher listener) {
    return (InetSocketAddress) listener.socket().getsockname();
  }

  public InetSocketAddress anyPort() {
    return new InetSocketAddress(wiring.loopback(), 0);
  }

  /** A dispatcher and a peer that are connected, with nothing in the log and nothing on the way. */
  public Linked link(String name) {
    try (Peer.Door door = new Peer.Door(wiring)) {
      return link(name, door);
    }
  }

  /** As {@link #link(String)}, through a door of one's own. */
  public Linked link(String name, Peer.Door door) {
    List<String> before = calls.take();
    RecordingDispatcher dispatcher = fresh(name);
    dispatcher.wants(false, true).connect(door.address());
    Peer peer = closeLater(door.accept());
    until(dispatcher::connected, "connection of " + name);
    calls.take();
    calls.addAll(before);
    return new Linked(dispatcher.wants(true, true), peer);
  }

  /** Two ends of a connection. */
  public record Linked(RecordingDispatcher dispatcher, Peer peer) {}

  /** An address that nobody listens on. */
  public InetSocketAddress nowhere() {
    try (Peer.Door door = new Peer.Door(wiring)) {
      return door.address();
    }
  }

  /** A peer that connects. */
  public Peer peer(InetSocketAddress address) {
    return closeLater(Peer.to(address));
  }

  public Peer.Door door() {
    return closeLater(new Peer.Door(wiring));
  }

  private <T extends Closing> T closeLater(T resource) {
    opened.add(resource);
    return resource;
  }

  @Override
  public void close() {
    for (Closing resource : opened) resource.close();
    try {
      Asyncore.closeAll(map(), true);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted in closeAll", e);
    }
  }

  /** Something to close that does not throw. */
  interface Closing extends AutoCloseable {
    @Override
    void close();
  }
}
