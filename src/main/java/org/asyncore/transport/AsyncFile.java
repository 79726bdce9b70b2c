package org.asyncore.transport;

import java.net.SocketAddress;
import java.net.SocketOption;

/**
 * An open file that looks like a socket as far as asyncore needs it: Python's {@code
 * asyncore.file_wrapper}.
 *
 * <p>It receives, sends, tells {@code SO_ERROR}, which is always 0, and closes. Everything else is
 * an {@link UnsupportedOperationException}, Python's {@code NotImplementedError}.
 */
public interface AsyncFile extends AsyncSocket {
  /** What a {@link Pollster} of this file's transport waits for in its place; often itself. */
  AsyncSocket polled();

  /** {@code os.read}: as {@link #recv(int)}. */
  default byte[] read(int byteCount) {
    return recv(byteCount);
  }

  /** {@code os.write}: as {@link #send(byte[], int, int)}. */
  default int write(byte[] data) {
    return send(data, 0, data.length);
  }

  @Override
  default Errno takeError() {
    return Errno.OK;
  }

  @Override
  default Family family() {
    throw onlyAsyncore();
  }

  @Override
  default SocketType type() {
    throw onlyAsyncore();
  }

  @Override
  default void bind(SocketAddress address) {
    throw onlyAsyncore();
  }

  @Override
  default void listen(int backlog) {
    throw onlyAsyncore();
  }

  @Override
  default Errno connectEx(SocketAddress address) {
    throw onlyAsyncore();
  }

  @Override
  default Accepted accept() {
    throw onlyAsyncore();
  }

  @Override
  default byte[] recvUrgent(int byteCount) {
    throw onlyAsyncore();
  }

  @Override
  default int sendUrgent(byte[] data) {
    throw onlyAsyncore();
  }

  @Override
  default Datagram recvfrom(int byteCount) {
    throw onlyAsyncore();
  }

  @Override
  default int sendto(byte[] data, SocketAddress address) {
    throw onlyAsyncore();
  }

  @Override
  default void shutdown(Shutdown how) {
    throw onlyAsyncore();
  }

  @Override
  default <T> T getsockopt(SocketOption<T> option) {
    throw onlyAsyncore();
  }

  @Override
  default <T> void setsockopt(SocketOption<T> option, T value) {
    throw onlyAsyncore();
  }

  @Override
  default SocketAddress getsockname() {
    throw onlyAsyncore();
  }

  @Override
  default SocketAddress getpeername() {
    throw onlyAsyncore();
  }

  private static UnsupportedOperationException onlyAsyncore() {
    return new UnsupportedOperationException("Only asyncore specific behaviour implemented.");
  }
}
