package org.asyncore.testkit;

import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.Datagram;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.Shutdown;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.Transport;
import org.asyncore.transport.WouldBlockException;
import org.jspecify.annotations.Nullable;

/**
 * A datagram socket in memory, as Linux has them: what does not fit into a receiver's buffer is
 * lost, over UDP; that nobody is there is an error of the next call, if the socket is connected.
 */
final class MemoryDatagram extends MemorySocket {
  private static final int LONGEST = 65_507;

  private final Queue<Datagram> received = new ArrayDeque<>();
  private int receivedBytes;
  private @Nullable SocketAddress target;
  private boolean sendEnded;
  private boolean receiveEnded;

  MemoryDatagram(MemoryNetwork network, Transport transport, Family family) {
    super(network, transport, family, SocketType.DGRAM);
  }

  @Override
  int readiness() {
    if (isClosed()) return Readiness.NVAL;
    int found = Readiness.OUT;
    if (error != Errno.OK) found |= Readiness.ERR;
    if (receiveEnded || !received.isEmpty() || hasFailure(SocketCall.RECV)) found |= Readiness.IN;
    if (receiveEnded && sendEnded) found |= Readiness.HUP;
    return found;
  }

  @Override
  public Errno connectEx(SocketAddress address) {
    synchronized (network) {
      needOpen();
      failIfAsked(SocketCall.CONNECT);
      Names.needFamily(this, address);
      boolean isNowhere = family() == Family.UNIX && find(address) == null;
      if (isNowhere) return network.names().isPath(address) ? Errno.ECONNREFUSED : Errno.ENOENT;
      network.names().autobind(this, address);
      target = address;
      return Errno.OK;
    }
  }

  private @Nullable MemoryDatagram find(SocketAddress address) {
    return network.names().find(MemoryDatagram.class, SocketType.DGRAM, address);
  }

  @Override
  public int send(byte[] data, int offset, int byteCount) {
    synchronized (network) {
      needOpen();
      failIfAsked(SocketCall.SEND);
      failIfError();
      if (target == null) {
        throw new OsException(family() == Family.UNIX ? Errno.ENOTCONN : Errno.EDESTADDRREQ);
      }
      return send(Arrays.copyOfRange(data, offset, offset + byteCount), target);
    }
  }

  @Override
  public int sendto(byte[] data, SocketAddress address) {
    synchronized (network) {
      needOpen();
      failIfAsked(SocketCall.SEND);
      Names.needFamily(this, address);
      failIfError();
      network.names().autobind(this, address);
      return send(data.clone(), address);
    }
  }

  private void failIfError() {
    if (error != Errno.OK) throw new OsException(clearError());
  }

  private int send(byte[] data, SocketAddress to) {
    if (sendEnded) throw new OsException(Errno.EPIPE);
    if (data.length > LONGEST) throw new OsException(Errno.EMSGSIZE);
    MemoryDatagram receiver = find(to);
    if (receiver == null) notThere(to);
    else receiver.take(data, name == null ? Names.unknown(family()) : name);
    network.changed();
    return data.length;
  }

  private void notThere(SocketAddress to) {
    if (family() == Family.UNIX) {
      throw new OsException(network.names().isPath(to) ? Errno.ECONNREFUSED : Errno.ENOENT);
    }
    if (target != null) error = Errno.ECONNREFUSED;
  }

  private void take(byte[] data, SocketAddress from) {
    if (target != null && !target.equals(from)) return; // Connected with another.
    boolean isFull = receivedBytes + data.length > option(StandardSocketOptions.SO_RCVBUF);
    if (isFull && family() == Family.UNIX) throw WouldBlockException.INSTANCE;
    if (isFull) return; // Lost.
    received.add(new Datagram(data, from));
    receivedBytes += data.length;
  }

  @Override
  public byte[] recv(int byteCount) {
    return recvfrom(byteCount).data();
  }

  @Override
  public Datagram recvfrom(int byteCount) {
    synchronized (network) {
      needOpen();
      failIfAsked(SocketCall.RECV);
      failIfError();
      Datagram next = received.poll();
      if (next == null && receiveEnded) return new Datagram(new byte[0], null);
      if (next == null) throw WouldBlockException.INSTANCE;
      receivedBytes -= next.data().length;
      byte[] data = next.data();
      if (data.length <= byteCount) return next;
      return new Datagram(Arrays.copyOf(data, byteCount), next.address());
    }
  }

  @Override
  public void shutdown(Shutdown how) {
    synchronized (network) {
      needOpen();
      if (target == null) throw new OsException(Errno.ENOTCONN);
      if (how != Shutdown.WR) receiveEnded = true;
      if (how != Shutdown.RD) sendEnded = true;
    }
  }

  @Override
  public SocketAddress getpeername() {
    synchronized (network) {
      needOpen();
      if (target == null) throw new OsException(Errno.ENOTCONN);
      return target;
    }
  }

  @Override
  void closeEnd() {
    network.names().release(this);
  }

  @Override
  public void listen(int backlog) {
    throw new OsException(Errno.EOPNOTSUPP);
  }

  @Override
  public Accepted accept() {
    throw new OsException(Errno.EOPNOTSUPP);
  }
}
