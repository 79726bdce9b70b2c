package org.asyncore.bench.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.migrate.DispatcherFactory;
import org.asyncore.transport.AsyncSocket;

/**
 * Asyncore's classic server, in {@code loop()}. {@code -Dbench.usePoll=true} makes the loop poll's;
 * {@code -Dorg.asyncore.transport} chooses the transport.
 */
final class ShimServer implements Server {
  private final DispatcherFactory factory;
  private final Consumer<SocketMap> settings;

  ShimServer(DispatcherFactory factory) {
    this(factory, map -> {});
  }

  /** A server whose map is not as it comes. */
  ShimServer(DispatcherFactory factory, Consumer<SocketMap> settings) {
    this.factory = factory;
    this.settings = settings;
  }

  /** The listening dispatcher. */
  private static final class Listener extends Dispatcher {
    private final DispatcherFactory factory;
    private final ServerTls tls = new ServerTls();

    @SuppressWarnings("this-escape") // As in Python: it listens when its constructor is done.
    Listener(SocketMap map, DispatcherFactory factory) {
      super(map);
      this.factory = factory;
      createSocket();
      setReuseAddr();
      bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      listen(Backlog.CONNECTIONS);
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      tls.start(factory.create(socket, map()));
    }

    @Override
    public void handleError(Throwable thrown) {
      thrown.printStackTrace();
      super.handleError(thrown);
    }
  }

  @Override
  public void serve(Control control) throws InterruptedException {
    SocketMap map = new SocketMap();
    settings.accept(map);
    Listener listener = new Listener(map, factory);
    InetSocketAddress address = (InetSocketAddress) listener.socket().getsockname();
    control.listening(address.getPort());
    Asyncore.loop(Asyncore.DEFAULT_TIMEOUT, Boolean.getBoolean("bench.usePoll"), map);
  }
}
