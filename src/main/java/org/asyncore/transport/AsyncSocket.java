package org.asyncore.transport;

import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;

/**
 * A socket that never blocks: the calls that asyncore.py, and programs through {@code self.socket},
 * make on Python's {@code socket}. Names are those of BSD sockets.
 *
 * <p>Safe from any thread. A call beside another thread's callback does not wait for its end: it is
 * done at once or handed over, would block, or is refused (docs/lifecycle.md#threads). What the
 * operating system refuses is an {@link OsException}; a call that cannot go on now is a {@link
 * WouldBlockException}.
 */
public interface AsyncSocket {
  /**
   * The number by which a map knows this socket, dealt as descriptors are: the lowest free one. -1
   * once closed.
   */
  int fileno();

  /** The address family it was made with. */
  Family family();

  /** The kind of socket it was made as. */
  SocketType type();

  /** Takes a local address; port 0 lets the system choose. */
  void bind(SocketAddress address);

  /**
   * Starts to take connections.
   *
   * @param backlog how many connections may wait to be accepted
   */
  void listen(int backlog);

  /**
   * Starts a connection: {@code connect_ex}.
   *
   * @return {@link Errno#OK} if it is there at once, {@link Errno#EINPROGRESS} if it is under way,
   *     else what stopped it
   */
  Errno connectEx(SocketAddress address);

  /** The next connection that waits. */
  Accepted accept();

  /**
   * Offers bytes, which are copied: the array stays the caller's.
   *
   * @return how many of them were taken; 0 only if none were offered
   */
  int send(byte[] data, int offset, int byteCount);

  /** As {@link #send(byte[], int, int)}, of all of the array. */
  default int send(byte[] data) {
    return send(data, 0, data.length);
  }

  /**
   * As {@link #send(byte[], int, int)}; the buffer's position moves behind what was taken. By a
   * copy, unless a socket has a shorter way.
   */
  default int send(ByteBuffer data) {
    byte[] offered = new byte[data.remaining()];
    data.duplicate().get(offered);
    int taken = send(offered, 0, offered.length);
    data.position(data.position() + taken);
    return taken;
  }

  /**
   * Takes at most {@code byteCount} bytes, or cuts one datagram to that size.
   *
   * @return the bytes, the caller's own; none at the end of the stream
   */
  byte[] recv(int byteCount);

  /**
   * As {@link #recv(int)}, into a buffer. By a copy, unless a socket has a shorter way.
   *
   * @return how many bytes came; 0 at the end of the stream
   */
  default int recv(ByteBuffer target) {
    if (target.isReadOnly()) throw new ReadOnlyBufferException(); // Before anything is taken.
    byte[] data = recv(target.remaining());
    target.put(data);
    return data.length;
  }

  /**
   * Takes urgent data: {@code recv} with {@code MSG_OOB}; {@link Errno#EOPNOTSUPP} where there is
   * none.
   */
  default byte[] recvUrgent(int byteCount) {
    throw new OsException(Errno.EOPNOTSUPP);
  }

  /**
   * Sends bytes of which the last one is urgent: {@code send} with {@code MSG_OOB}; {@link
   * Errno#EOPNOTSUPP} where there is none.
   */
  default int sendUrgent(byte[] data) {
    throw new OsException(Errno.EOPNOTSUPP);
  }

  /** Takes one datagram, cut to {@code byteCount} bytes; of a stream bytes, with no sender. */
  default Datagram recvfrom(int byteCount) {
    return new Datagram(recv(byteCount), null);
  }

  /** Sends one datagram. */
  int sendto(byte[] data, SocketAddress address);

  /** Ends one or both directions, after what was sent before. */
  void shutdown(Shutdown how);

  /** The pending error, which asking clears: {@code getsockopt(SOL_SOCKET, SO_ERROR)}. */
  Errno takeError();

  /**
   * {@code getsockopt}, with the JDK's names of options ({@link java.net.StandardSocketOptions}).
   */
  <T> T getsockopt(SocketOption<T> option);

  /**
   * {@code setsockopt}, with the JDK's names of options ({@link java.net.StandardSocketOptions}).
   */
  <T> void setsockopt(SocketOption<T> option, T value);

  /**
   * {@code setblocking}, which ported programs call.
   *
   * @param blocking false, as every socket is: nothing is done
   * @throws UnsupportedOperationException if it is true
   */
  default void setblocking(boolean blocking) {
    if (!blocking) return;
    throw new UnsupportedOperationException(
        "setblocking(true): a loop serves this socket, and may wait for no one of them");
  }

  /** The local address. */
  SocketAddress getsockname();

  /** The peer's address; {@link Errno#ENOTCONN} if there is none. */
  SocketAddress getpeername();

  /**
   * Gives the number back at once; what {@link #send} took still goes out. A second call does
   * nothing.
   */
  void close();

  /**
   * Gives the descriptor to the caller, open, and counts as closed from now on: {@code detach}.
   * What {@link #send} took has left before. Of a stream on epoll
   * (docs/differences.md#no-descriptors-on-nio), in its map's own callbacks, or while no other
   * thread is in one.
   *
   * @throws WouldBlockException if sent bytes have not left yet, or received ones are on our side
   *     of the kernel: the socket stays as it is
   */
  default int detach() {
    throw new UnsupportedOperationException("no descriptor to detach on " + transport().name());
  }

  /** The transport that made it. */
  Transport transport();
}
