package org.asyncore.bench;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Datagram;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.Transport;

/** A connected socket that has bytes without end and takes all that is sent. */
final class MemorySocket implements AsyncSocket {
  private static final InetSocketAddress PEER = new InetSocketAddress(1);
  private static final byte[] MESSAGE = new byte[64];

  private final Transport transport;
  private int number;

  MemorySocket(Transport transport, int number) {
    this.transport = transport;
    this.number = number;
  }

  @Override
  public int fileno() {
    return number;
  }

  @Override
  public Family family() {
    return Family.INET;
  }

  @Override
  public SocketType type() {
    return SocketType.STREAM;
  }

  @Override
  public byte[] recv(int byteCount) {
    return MESSAGE;
  }

  @Override
  public int recv(ByteBuffer target) {
    target.put(MESSAGE);
    return MESSAGE.length;
  }

  @Override
  public int send(byte[] data, int offset, int byteCount) {
    return byteCount;
  }

  @Override
  public int send(ByteBuffer data) {
    int byteCount = data.remaining();
    data.position(data.limit());
    return byteCount;
  }

  @Override
  public SocketAddress getsockname() {
    return PEER;
  }

  @Override
  public SocketAddress getpeername() {
    return PEER;
  }

  @Override
  public Errno takeError() {
    return Errno.OK;
  }

  @Override
  public void close() {
    number = -1;
  }

  @Override
  public Transport transport() {
    return transport;
  }

  // --- what no benchmark calls ---

  private static UnsupportedOperationException notHere() {
    return new UnsupportedOperationException("a socket in memory has no such call");
  }

  @Override
  public void bind(SocketAddress address) {
    throw notHere();
  }

  @Override
  public void listen(int backlog) {
    throw notHere();
  }

  @Override
  public Errno connectEx(SocketAddress address) {
    throw notHere();
  }

  @Override
  public Accepted accept() {
    throw notHere();
  }

  @Override
  public byte[] recvUrgent(int byteCount) {
    throw notHere();
  }

  @Override
  public int sendUrgent(byte[] data) {
    throw notHere();
  }

  @Override
  public Datagram recvfrom(int byteCount) {
    throw notHere();
  }

  @Override
  public int sendto(byte[] data, SocketAddress address) {
    throw notHere();
  }

  @Override
  public void shutdown(Shutdown how) {
    throw notHere();
  }

  @Override
  public <T> T getsockopt(SocketOption<T> option) {
    throw notHere();
  }

  @Override
  public <T> void setsockopt(SocketOption<T> option, T value) {
    throw notHere();
  }
}
