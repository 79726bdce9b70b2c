package example;

import java.net.SocketAddress;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.SocketMap;
import org.asyncore.transport.AsyncSocket;

/** Sends back what it gets. */
public class EchoServer extends Dispatcher {
  static class EchoHandler extends DispatcherWithSend {
    EchoHandler(AsyncSocket socket, SocketMap map) {
      super(socket, map);
    }

    @Override
    public void handleRead() {
      byte[] data = recv(8192);
      if (data.length > 0) send(data);
    }

    @Override
    public void handleClose() {
      close();
    }
  }

  public EchoServer(String host, int port, SocketMap map) {
    super(map);
    createSocket();
    setReuseAddr();
    bind(host, port);
    listen(5);
    System.out.println("listening on " + socket().getsockname());
  }

  @Override
  public void handleAccepted(AsyncSocket socket, SocketAddress address) {
    new EchoHandler(socket, map());
  }
}
