package example;

import java.net.SocketAddress;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.DispatcherWithSend;
import org.asyncore.transport.AsyncSocket;

/** Sends back what it gets. */
public class EchoServer extends Dispatcher {
  static class EchoHandler extends DispatcherWithSend {
    EchoHandler(AsyncSocket socket) {
      super(socket);
    }

    @Override
    public void handleRead() {
      byte[] data = recv(8192);
      if (data.length > 0) send(data);
    }
  }

  public EchoServer(String host, int port) {
    createSocket();
    setReuseAddr();
    bind(host, port);
    listen(5);
  }

  @Override
  public void handleAccepted(AsyncSocket socket, SocketAddress address) {
    System.out.println("connection from " + address);
    new EchoHandler(socket);
  }

  public static void main(String[] args) throws InterruptedException {
    new EchoServer("127.0.0.1", Integer.parseInt(args[0]));
    Asyncore.loop();
  }
}
