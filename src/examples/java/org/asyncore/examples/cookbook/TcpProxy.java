package org.asyncore.examples.cookbook;

import java.net.SocketAddress;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Shutdown;

/** Forwards connections to another address: two dispatchers for each, which know each other. */
public final class TcpProxy extends Dispatcher {
  private final SocketAddress target;

  public TcpProxy(String host, int port, SocketAddress target, SocketMap map) {
    super(map);
    this.target = target;
    map.dispatchByIdentity(true); // No side takes the hang-up of one that has just closed.
    createSocket();
    setReuseAddr();
    bind(host, port);
    listen(128);
  }

  @Override
  public void handleAccepted(AsyncSocket socket, SocketAddress address) {
    Side client = new Side(socket, map());
    Side server = new Side(map());
    client.couple(server);
    server.createSocket();
    server.connect(target);
  }

  /** One of the two. */
  public static class Side extends DispatcherWithSend {
    private static final int LOW = 64 << 10;
    private static final int HIGH = 256 << 10;

    private Side other;
    private boolean paused;
    private boolean draining;
    private boolean inputEnded;

    public Side(AsyncSocket socket, SocketMap map) {
      super(socket, map);
      waterMarks(LOW, HIGH);
    }

    Side(SocketMap map) {
      this(null, map);
    }

    /** Makes two sides know each other: before a callback of either. */
    public final void couple(Side peer) {
      other = peer;
      peer.other = this;
    }

    @Override
    public boolean readable() {
      return !paused && !inputEnded;
    }

    @Override
    public void handleConnect() {
      // What has come meanwhile waits in the buffer; so does a half-close.
      if (other.inputEnded) whenSent(this::endOutput);
    }

    @Override
    public void handleRead() {
      byte[] data = recv(65536);
      if (data.length > 0) other.send(data);
    }

    @Override
    public void handleHighWater() {
      other.pause(true); // Too much waits here, which comes from there.
    }

    @Override
    public void handleLowWater() {
      other.pause(false);
    }

    private void pause(boolean pause) {
      paused = pause;
      interestChanged(); // Of no use in a loop, and needed where there is none.
    }

    /**
     * The end of the input, and when it is told again, that of the output, too. In poll's order a
     * hang-up is told beside bytes that wait: they are read first, and recv, at their end, comes
     * here again.
     */
    @Override
    public void handleClose() {
      if (!connected() || inputEnded) {
        close();
        flushAndClose(other);
      } else if (!draining) {
        draining = true;
        while (connected() && !inputEnded) handleRead();
      } else {
        inputEnded = true;
        inputHasEnded();
      }
    }

    private void inputHasEnded() {
      if (!other.inputEnded) {
        other.whenSent(other::endOutput);
        return;
      }
      flushAndClose(other);
      flushAndClose(this);
    }

    /** Passes a half-close on, once everything before it has left. */
    private void endOutput() {
      if (connected()) socket().shutdown(Shutdown.WR);
    }

    private static void flushAndClose(Side side) {
      side.inputEnded = true;
      if (side.connected()) side.whenSent(side::close);
      else side.close();
    }

    @Override
    public void handleError(Throwable thrown) {
      // A refused connect, a reset: the other one learns of it by its end.
      flushAndClose(other);
      close();
    }
  }
}
