package org.asyncore.ends;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.limits.Timeouts;
import org.asyncore.migrate.Certificates;
import org.asyncore.migrate.DispatcherChannels;
import org.asyncore.migrate.Tls;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Family;

/** What a {@link StopPlan} stops: serves connections until one of the methods ends it. */
abstract class Server {
  private static final AtomicInteger FILES = new AtomicInteger();
  private static final int NARROW_BYTES = 16_384;
  static final int BACKLOG = 50;
  private static final Duration LONG = Duration.ofSeconds(100);

  final StopPlan plan;
  private final BiFunction<AsyncSocket, SocketMap, Dispatcher> factory;
  private final Path folder;

  /** Of its loops. */
  private final List<Starvation> starvations = new CopyOnWriteArrayList<>();

  /**
   * @param factory makes the dispatcher of a connection
   * @param folder for the files of Unix sockets
   */
  Server(StopPlan plan, BiFunction<AsyncSocket, SocketMap, Dispatcher> factory, Path folder) {
    this.plan = plan;
    this.factory = factory;
    this.folder = folder;
  }

  static Server of(
      StopPlan plan, BiFunction<AsyncSocket, SocketMap, Dispatcher> factory, Path folder) {
    return switch (plan.host()) {
      case THREAD -> new ThreadServer(plan, factory, folder);
      case GROUP -> new GroupServer(plan, factory, folder);
      case LOOP -> new LoopServer(plan, factory, folder);
      case HOSTED_ON_LOOP -> new HostedOnLoopServer(plan, factory, folder);
      case HOSTED -> new HostedServer(plan, factory, folder);
    };
  }

  /** Listens, and says where. */
  abstract SocketAddress start() throws Exception;

  /**
   * How long the end may take, in milliseconds; {@link Integer#MAX_VALUE} where nobody promises.
   */
  abstract int mostMillis();

  /** Begins the end. */
  abstract void stop() throws Exception;

  /** Waits for the end, for a moment; says whether it has come. */
  abstract boolean hasEnded() throws Exception;

  /** Tidies up, as a program does at last. */
  void tidyUp() {
    // Most have nothing left.
  }

  // --- what all of them share ---

  /** To be called on the thread of each loop. */
  final void loopBegins() {
    starvations.add(Starvation.ofThisThread());
  }

  /** For how long its loops, and the caller, were kept from running, up to now. */
  final long starvedNanos(Starvation caller) {
    long sum = caller.nanos();
    for (Starvation each : starvations) sum += each.nanos();
    return sum;
  }

  final SocketAddress anyAddress() {
    if (plan.isUnix()) {
      return UnixDomainSocketAddress.of(folder.resolve("stop" + FILES.incrementAndGet()));
    }
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  final Family family() {
    return plan.isUnix() ? Family.UNIX : Family.INET;
  }

  final Dispatcher make(AsyncSocket socket, SocketMap map) {
    if (plan.narrow()) socket.setsockopt(StandardSocketOptions.SO_SNDBUF, NARROW_BYTES);
    Dispatcher made = factory.apply(socket, map);
    if (!plan.host().isHosted()) inFront(made);
    else if (plan.front() == StopPlan.Front.TIMEOUT) Timeouts.of(made).idle(LONG);
    return made;
  }

  private void inFront(Dispatcher made) {
    switch (plan.front()) {
      case NOTHING -> {
        // As it came.
      }
      case HANDLER ->
          DispatcherChannels.pipeline(made).addFirst(new ChannelInboundHandlerAdapter());
      case TIMEOUT -> Timeouts.of(made).idle(LONG);
      case TLS -> Tls.start(made, Secrets.SERVER);
    }
  }

  /** Made once: it takes longer than a run. */
  static final class Secrets {
    static final SslContext SERVER = make();

    private Secrets() {}

    private static SslContext make() {
      try {
        return Certificates.LOCALHOST.server().build();
      } catch (Exception e) {
        throw new AssertionError("no certificate to test with", e);
      }
    }
  }

  /** Accepts for a map. */
  final class Door extends Dispatcher {
    Door(SocketMap map) {
      super(map);
      createSocket(Server.this.family());
      bind(anyAddress());
      listen(BACKLOG);
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      make(socket, map());
    }
  }
}
