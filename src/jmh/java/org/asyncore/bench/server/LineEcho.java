package org.asyncore.bench.server;

import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.migrate.DispatcherFactory;
import org.asyncore.transport.AsyncSocket;

/** Answers each line with itself, by one {@code push}. */
final class LineEcho extends AsyncChat {
  private static final byte[] CRLF = {'\r', '\n'};

  static DispatcherFactory reading(int receiveBytes) {
    return (socket, map) -> new LineEcho(socket, map, receiveBytes);
  }

  private LineEcho(AsyncSocket socket, SocketMap map, int receiveBytes) {
    super(socket, map);
    acInBufferSize(receiveBytes);
    setTerminator(CRLF);
  }

  @Override
  public void collectIncomingData(byte[] data) {
    appendIncomingData(data);
  }

  @Override
  public void foundTerminator() {
    byte[] line = takeIncomingData();
    byte[] answer = new byte[line.length + CRLF.length];
    System.arraycopy(line, 0, answer, 0, line.length);
    System.arraycopy(CRLF, 0, answer, line.length, CRLF.length);
    push(answer);
  }
}
