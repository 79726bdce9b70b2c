package org.asyncore.python;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.SocketAddress;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.AsyncFile;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Transport;
import org.graalvm.polyglot.Value;

/**
 * A Python object as a socket: an {@code SSLSocket}, a {@code file_wrapper}, a test's mock. Bytes
 * pass through its own {@code recv} and {@code send}; a pass waits for its descriptor.
 *
 * <p>Owns the object, which {@link #close()} closes. For the threads that loop its map.
 */
public final class PythonSocket implements AsyncFile {
  private final Crossing crossing;
  private final Value socket;
  private final Transport transport;
  private int number;

  /** Null as long as no pass waits for it. */
  private AsyncFile polled;

  /**
   * @param number what a map knows it by
   */
  public PythonSocket(Crossing crossing, Value socket, int number, Transport transport) {
    this.crossing = crossing;
    this.socket = socket;
    this.number = number;
    this.transport = transport;
  }

  /** The object. */
  public Value python() {
    return socket;
  }

  @Override
  public AsyncSocket polled() {
    if (polled == null) polled = transport.file(number);
    return polled.polled();
  }

  @Override
  public int fileno() {
    return number;
  }

  @Override
  public void bind(SocketAddress address) {
    crossing.invoke(socket, "bind", ((PythonAddress) address).value());
  }

  @Override
  public void listen(int backlog) {
    crossing.invoke(socket, "listen", backlog);
  }

  @Override
  public Errno connectEx(SocketAddress address) {
    Value errno = crossing.invoke(socket, "connect_ex", ((PythonAddress) address).value());
    return Errno.of(errno.asInt());
  }

  @Override
  public Accepted accept() {
    Value pair = crossing.call("_accept", socket);
    Value number = pair.getArrayElement(2);
    return new Accepted(
        new PythonSocket(crossing, pair.getArrayElement(0), number.asInt(), transport),
        new PythonAddress(pair.getArrayElement(1)));
  }

  @Override
  public byte[] recv(int byteCount) {
    return crossing.call("_recv", socket, byteCount).asString().getBytes(ISO_8859_1);
  }

  @Override
  public int send(byte[] data, int offset, int byteCount) {
    String text = new String(data, offset, byteCount, ISO_8859_1);
    return crossing.call("_send", socket, text).asInt();
  }

  @Override
  public Errno takeError() {
    return Errno.of(crossing.call("_take_error", socket).asInt());
  }

  @Override
  public SocketAddress getsockname() {
    return new PythonAddress(crossing.invoke(socket, "getsockname"));
  }

  @Override
  public SocketAddress getpeername() {
    return new PythonAddress(crossing.invoke(socket, "getpeername"));
  }

  @Override
  public void close() {
    number = -1;
    AsyncFile waited = polled;
    polled = null;
    if (waited != null) waited.close();
    crossing.invoke(socket, "close");
  }

  @Override
  public Transport transport() {
    return transport;
  }

  @Override
  public String toString() {
    return socket.toString();
  }
}
