package org.asyncore.examples;

import org.asyncore.Asyncore;
import org.asyncore.DispatcherWithSend;
import org.asyncore.FileDispatcher;
import org.asyncore.transport.Shutdown;

/**
 * Sends its standard input and prints what comes: src/examples/python/stdin_client.py, line for
 * line. Needs epoll: NIO has no standard input that can be waited for.
 */
public class StdinClient extends DispatcherWithSend {
  private static final int STANDARD_INPUT = 0;

  static class Input extends FileDispatcher {
    private final StdinClient connection;

    Input(StdinClient connection) {
      super(STANDARD_INPUT);
      this.connection = connection;
    }

    @Override
    public boolean readable() {
      return connection.connected();
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void handleRead() {
      connection.send(recv(8192));
    }

    @Override
    public void handleClose() {
      close();
      connection.inputEnded = true;
    }
  }

  private final Input input = new Input(this);
  private boolean inputEnded;

  public StdinClient(String host, int port) {
    createSocket();
    connect(host, port);
  }

  @Override
  public void handleConnect() {
    // From now on the input is read.
  }

  @Override
  public void handleRead() {
    byte[] data = recv(8192);
    System.out.write(data, 0, data.length);
    System.out.flush();
  }

  @Override
  public boolean writable() {
    return inputEnded || super.writable();
  }

  @Override
  public void handleWrite() {
    super.handleWrite();
    if (inputEnded && connected() && outBufferSize() == 0) {
      inputEnded = false;
      socket().shutdown(Shutdown.WR); // The peer sees the end.
    }
  }

  @Override
  public void handleClose() {
    close();
    input.close();
  }

  public static void main(String[] args) throws InterruptedException {
    new StdinClient(args[0], Integer.parseInt(args[1]));
    Asyncore.loop();
  }
}
