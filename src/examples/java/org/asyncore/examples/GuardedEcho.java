package org.asyncore.examples;

import java.net.SocketAddress;
import java.time.Duration;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.OneLine;
import org.asyncore.SocketMap;
import org.asyncore.limits.AcceptLimits;
import org.asyncore.limits.Timeouts;
import org.asyncore.transport.AsyncSocket;

/** An echo server for strangers: docs/security.md. */
public class GuardedEcho extends Dispatcher {
  static class EchoHandler extends DispatcherWithSend {
    EchoHandler(AsyncSocket socket, SocketMap map) {
      super(socket, map);
      maxOutBuffer(1 << 20);
      Timeouts.of(this)
          .idle(Duration.ofMinutes(5), late -> handleClose())
          .write(Duration.ofSeconds(30));
    }

    @Override
    public void handleRead() {
      byte[] data = recv(8192);
      if (data.length > 0) send(data);
    }

    @Override
    public void logInfo(String message, String type) {
      super.logInfo(OneLine.of(message), type);
    }
  }

  public GuardedEcho(String host, int port, SocketMap map) {
    super(map);
    createSocket();
    setReuseAddr();
    bind(host, port);
    listen(100);
    AcceptLimits.of(this).maxConnections(1000).acceptsPerPass(16);
  }

  @Override
  public void handleAccepted(AsyncSocket socket, SocketAddress address) {
    new EchoHandler(socket, map());
  }
}
