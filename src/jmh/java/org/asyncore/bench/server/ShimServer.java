package org.asyncore.bench.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;

/**
 * Asyncore's classic server, in {@code loop()}. {@code -Dbench.usePoll=true} makes the loop poll's;
 * {@code -Dorg.asyncore.transport} chooses the transport.
 */
final class ShimServer implements Server {
  /** Makes the dispatcher of a connection. */
  interface Echo {
    Dispatcher accepted(AsyncSocket socket, SocketMap map, int receiveBytes);
  }

  private final Echo echo;

  ShimServer(Echo echo) {
    this.echo = echo;
  }

  /** The listening dispatcher. */
  private static final class Listener extends Dispatcher {
    private final Echo echo;
    private final int receiveBytes;

    @SuppressWarnings("this-escape") // As in Python: it listens when its constructor is done.
    Listener(SocketMap map, Echo echo, int receiveBytes) {
      super(map);
      this.echo = echo;
      this.receiveBytes = receiveBytes;
      createSocket();
      setReuseAddr();
      bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      listen(Backlog.CONNECTIONS);
    }

    @Override
    public void handleAccepted(AsyncSocket socket, SocketAddress address) {
      echo.accepted(socket, map(), receiveBytes);
    }

    @Override
    public void handleError(Throwable thrown) {
      thrown.printStackTrace();
      super.handleError(thrown);
    }
  }

  @Override
  public void serve(int receiveBytes, Control control) throws InterruptedException {
    SocketMap map = new SocketMap();
    Listener listener = new Listener(map, echo, receiveBytes);
    InetSocketAddress address = (InetSocketAddress) listener.socket().getsockname();
    control.listening(address.getPort());
    Asyncore.loop(Asyncore.DEFAULT_TIMEOUT, Boolean.getBoolean("bench.usePoll"), map);
  }
}
