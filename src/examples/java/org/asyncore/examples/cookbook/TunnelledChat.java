package org.asyncore.examples.cookbook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.asyncore.SocketMap;
import org.asyncore.asynchat.AsyncChat;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;

/**
 * An AsyncChat whose connection goes through a proxy, SOCKS5 or HTTP's CONNECT, which is asked for
 * a host by its name. Its terminators take the proxy's answers apart; then the connection is the
 * subclass'.
 */
public abstract class TunnelledChat extends AsyncChat {
  private static final int LONGEST_ANSWER = 8 << 10;

  /** What a proxy is asked in. */
  public enum Protocol {
    SOCKS5,
    HTTP_CONNECT
  }

  private final String host;
  private final int port;

  /** What takes the next answer of the proxy; null when there is a way through it. */
  private Consumer<byte[]> next;

  protected TunnelledChat(
      Protocol protocol, SocketAddress proxy, String host, int port, SocketMap map) {
    super(map);
    this.host = host;
    this.port = port;
    if (host.isEmpty() || host.length() > 255) throw new IllegalArgumentException("host: " + host);
    maxIncoming(LONGEST_ANSWER);
    if (protocol == Protocol.SOCKS5) askSocks();
    else askHttp();
    createSocket();
    connect(proxy);
  }

  /** There is a way through the proxy: sets a terminator, and goes on as after a connect. */
  protected abstract void tunnelUp();

  /** A message of the other side's. */
  protected abstract void received(byte[] message);

  @Override
  public final void collectIncomingData(byte[] data) {
    appendIncomingData(data);
  }

  @Override
  public final void foundTerminator() {
    byte[] message = takeIncomingData();
    if (next == null) received(message);
    else next.accept(message);
  }

  @Override
  public void handleConnect() {
    // What is to be said to the proxy is queued.
  }

  /** The proxy, or the way through it, is gone before it was there. */
  @Override
  public void handleClose() {
    if (next != null) throw new OsException(Errno.ECONNREFUSED, "the proxy has closed");
    super.handleClose();
  }

  private void await(int byteCount, Consumer<byte[]> taker) {
    next = taker;
    setTerminator(byteCount);
  }

  private void up() {
    next = null;
    maxIncoming(NO_LIMIT);
    tunnelUp();
  }

  private static void check(boolean isFine, String what) {
    if (!isFine) throw new OsException(Errno.ECONNREFUSED, "the proxy says " + what);
  }

  // --- HTTP ---

  private void askHttp() {
    String authority = host + ":" + port;
    String request = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n";
    push(request.getBytes(US_ASCII));
    next = this::answeredHttp;
    setTerminator("\r\n\r\n".getBytes(US_ASCII));
  }

  private void answeredHttp(byte[] head) {
    String status = new String(head, US_ASCII).split("\r\n", 2)[0];
    check(status.matches("HTTP/1\\.\\d 2\\d\\d.*"), status);
    up();
  }

  // --- SOCKS5, RFC 1928: version, and then its say; without a password ---

  private void askSocks() {
    push(new byte[] {5, 1, 0}); // One method: none.
    await(2, this::answeredMethod);
  }

  private void answeredMethod(byte[] answer) {
    check(answer[0] == 5 && answer[1] == 0, "method " + (answer[1] & 0xff));
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(new byte[] {5, 1, 0, 3, (byte) host.length()}); // To connect to a name.
    request.writeBytes(host.getBytes(US_ASCII));
    request.write(port >> 8);
    request.write(port);
    push(request.toByteArray());
    await(4, this::answeredRequest);
  }

  private void answeredRequest(byte[] answer) {
    check(answer[0] == 5 && answer[1] == 0, "error " + answer[1]);
    switch (answer[3]) { // The address from which it connects, and a port.
      case 1 -> await(4 + 2, address -> up());
      case 4 -> await(16 + 2, address -> up());
      case 3 -> await(1, length -> await((length[0] & 0xff) + 2, address -> up()));
      default -> check(false, "an address of kind " + answer[3]);
    }
  }
}
