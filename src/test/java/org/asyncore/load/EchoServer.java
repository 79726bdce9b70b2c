package org.asyncore.load;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.ScheduledCall;
import org.asyncore.SocketMap;
import org.asyncore.faults.Census;
import org.asyncore.fixture.Wiring;
import org.asyncore.transport.AsyncSocket;

/** A map of listeners whose connections echo. Its loop runs on the thread that waits, and then. */
final class EchoServer implements AutoCloseable {
  private static final Duration CHECKED_EVERY = Duration.ofMillis(5);
  private static final Duration DESCRIPTORS_LIMIT = Duration.ofSeconds(30);
  private static final int BACKLOG = 1024;

  /** Small, so that what a peer does not read stays with its echo. */
  private static final int SEND_BUFFER = 32 << 10;

  private final Wiring wiring;
  private final SocketMap map;
  private int listeners;
  private int ended;
  private int holding;
  private Throwable failure;

  EchoServer(Wiring wiring) {
    wiring.assumeAvailable();
    this.wiring = wiring;
    map = new SocketMap(wiring.transport());
  }

  /**
   * Listens on a port that the system chooses.
   *
   * @param accepting makes a dispatcher of each connection
   */
  InetSocketAddress listen(BiConsumer<EchoServer, AsyncSocket> accepting) {
    listeners++;
    return (InetSocketAddress) new Listener(accepting).socket().getsockname();
  }

  private final class Listener extends Dispatcher {
    private final BiConsumer<EchoServer, AsyncSocket> accepting;

    Listener(BiConsumer<EchoServer, AsyncSocket> accepting) {
      super(EchoServer.this.map);
      this.accepting = accepting;
      createSocket();
      bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      listen(BACKLOG);
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      socket.setsockopt(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
      accepting.accept(EchoServer.this, socket);
    }

    @Override
    public void handleError(Throwable thrown) {
      failed(thrown);
    }
  }

  // --- what its connections tell ---

  void failed(Throwable thrown) {
    if (failure == null) failure = thrown;
    map.stop();
  }

  void ended() {
    ended++;
  }

  void holds(boolean more) {
    holding += more ? 1 : -1;
  }

  // --- what tests ask ---

  SocketMap map() {
    return map;
  }

  /** How many connections came to their end. */
  int endedCount() {
    return ended;
  }

  /** How many connections have bytes that the kernel did not take. */
  int holdingCount() {
    return holding;
  }

  /** Serves until all clients have gone home, and only the listeners are left. */
  void serve(Clients clients, Duration limit) throws InterruptedException {
    long start = System.nanoTime();
    Runnable look =
        () -> {
          if (clients.areDone() || System.nanoTime() - start > limit.toNanos()) map.stop();
        };
    ScheduledCall check = map.callEvery(CHECKED_EVERY, look);
    Asyncore.loop(Asyncore.FOREVER, wiring.usePoll(), map); // As programs do: without a count.
    check.cancel();
    until(
        clients::areDone, clients, limit, () -> "end of the clients, " + clients.gone() + " left");
    until(() -> map.size() == listeners, clients, limit, () -> "end of " + map.values());
  }

  /**
   * Loops until no descriptors are open that were not open before: a socket may outlive its close.
   */
  void awaitDescriptors(Holdings before) throws InterruptedException {
    until(
        () -> openedSince(before).isEmpty(),
        null,
        DESCRIPTORS_LIMIT,
        () -> "end of the descriptors " + openedSince(before));
  }

  private static Map<String, String> openedSince(Holdings before) {
    return Census.take().since(before.descriptors());
  }

  /**
   * Loops until a condition holds, which is asked between passes.
   *
   * @param clients whose failure ends it, too; null for none
   */
  void until(BooleanSupplier condition, Clients clients, Duration limit, Supplier<String> what)
      throws InterruptedException {
    long start = System.nanoTime();
    boolean isMet = condition.getAsBoolean();
    while (!isMet && !isBroken(clients) && System.nanoTime() - start < limit.toNanos()) {
      Asyncore.loop(CHECKED_EVERY.toMillis() / 1000.0, wiring.usePoll(), map, 1);
      isMet = condition.getAsBoolean();
    }
    if (clients != null) clients.check();
    if (failure != null) throw new AssertionError("a dispatcher failed", failure);
    if (isMet) return;
    throw new AssertionError("no " + what.get() + ", in " + limit + "; in the map: " + map.size());
  }

  private boolean isBroken(Clients clients) {
    return failure != null || (clients != null && clients.haveFailed());
  }

  @Override
  public void close() {
    try {
      Asyncore.closeAll(map, true);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted in closeAll", e);
    }
  }
}
