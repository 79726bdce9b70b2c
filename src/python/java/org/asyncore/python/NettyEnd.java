package org.asyncore.python;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.SocketAddress;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Datagram;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Shutdown;

/** A socket of this library as Python's {@code socket} object calls it: bytes are texts. */
public final class NettyEnd {
  private final Crossing crossing;
  private final AsyncSocket socket;

  public NettyEnd(Crossing crossing, AsyncSocket socket) {
    this.crossing = crossing;
    this.socket = socket;
  }

  /** The socket. */
  public AsyncSocket socket() {
    return socket;
  }

  public int fileno() {
    return socket.fileno();
  }

  public String recv(int byteCount) {
    return crossing.fromPython(() -> new String(socket.recv(byteCount), ISO_8859_1));
  }

  public String recvUrgent(int byteCount) {
    return crossing.fromPython(() -> new String(socket.recvUrgent(byteCount), ISO_8859_1));
  }

  public int send(String data) {
    return crossing.fromPython(() -> socket.send(data.getBytes(ISO_8859_1)));
  }

  public Datagram recvfrom(int byteCount) {
    return crossing.fromPython(() -> socket.recvfrom(byteCount));
  }

  /** The bytes of a datagram. */
  public String text(Datagram datagram) {
    return new String(datagram.data(), ISO_8859_1);
  }

  public int sendto(String data, SocketAddress address) {
    return crossing.fromPython(() -> socket.sendto(data.getBytes(ISO_8859_1), address));
  }

  public void bind(SocketAddress address) {
    crossing.fromPython(() -> socket.bind(address));
  }

  public void listen(int backlog) {
    crossing.fromPython(() -> socket.listen(backlog));
  }

  public Accepted accept() {
    return crossing.fromPython(socket::accept);
  }

  /** {@code connect_ex}. */
  public int connectEx(SocketAddress address) {
    Errno errno = crossing.fromPython(() -> socket.connectEx(address));
    return errno.number();
  }

  /** {@code getsockopt(SOL_SOCKET, SO_ERROR)}. */
  public int takeError() {
    return crossing.fromPython(socket::takeError).number();
  }

  /** Ends what 0, 1 or 2 stand for in Python: receiving, sending, both. */
  public void shutdown(int how) {
    Shutdown direction =
        switch (how) {
          case 0 -> Shutdown.RD;
          case 1 -> Shutdown.WR;
          default -> Shutdown.RDWR;
        };
    crossing.fromPython(() -> socket.shutdown(direction));
  }

  public void close() {
    crossing.fromPython(socket::close);
  }

  /** Gives the descriptor away. */
  public int detach() {
    return crossing.fromPython(socket::detach);
  }
}
