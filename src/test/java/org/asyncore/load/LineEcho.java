package org.asyncore.load;

import org.asyncore.asynchat.AsyncChat;
import org.asyncore.transport.AsyncSocket;

/** Sends back each line when it is complete. */
final class LineEcho extends AsyncChat {
  private final EchoServer server;

  LineEcho(EchoServer server, AsyncSocket socket) {
    super(socket, server.map());
    this.server = server;
    setTerminator(new byte[] {'\n'});
  }

  @Override
  public void collectIncomingData(byte[] data) {
    appendIncomingData(data);
  }

  @Override
  public void foundTerminator() {
    push(takeIncomingData());
    push(new byte[] {'\n'});
  }

  @Override
  public void handleClose() {
    super.handleClose();
    server.ended();
  }

  @Override
  public void handleError(Throwable thrown) {
    server.failed(thrown);
  }
}
