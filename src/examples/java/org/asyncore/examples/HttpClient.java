package org.asyncore.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;

/** Gets one page and prints the reply: src/examples/python/http_client.py, line for line. */
public class HttpClient extends Dispatcher {
  private final ByteBuffer buffer;

  public HttpClient(String host, int port, String path) {
    String request = "GET " + path + " HTTP/1.0\r\nHost: " + host + "\r\n\r\n";
    buffer = ByteBuffer.wrap(request.getBytes(US_ASCII));
    createSocket();
    connect(host, port);
  }

  @Override
  public void handleConnect() {
    // The request goes out as soon as there is room for it.
  }

  @Override
  public void handleClose() {
    close();
  }

  @Override
  public void handleRead() {
    byte[] data = recv(8192);
    System.out.write(data, 0, data.length);
    System.out.flush();
  }

  @Override
  public boolean writable() {
    return buffer.hasRemaining();
  }

  @Override
  public void handleWrite() {
    send(buffer); // Its position moves behind what was taken.
  }

  public static void main(String[] args) throws InterruptedException {
    new HttpClient(args[0], Integer.parseInt(args[1]), args[2]);
    Asyncore.loop();
  }
}
