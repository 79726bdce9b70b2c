package org.asyncore.faults;

import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.asyncore.SocketMap;
import org.asyncore.transport.Datagram;

/** A dispatcher that is bound and not connected: it says whom each datagram is for. */
final class DatagramSubject extends PlainSubject {
  private final SocketAddress peer;

  DatagramSubject(SocketMap map, Conduct conduct, SocketAddress peer) {
    super(null, map, conduct);
    this.peer = peer;
  }

  @Override
  public boolean writable() {
    return conduct.wantsToWrite();
  }

  @Override
  public int send(byte[] data) {
    return socket().sendto(data, peer);
  }

  /** An empty one is the peer's last, as {@code recv} of a connected one has it. */
  @Override
  public byte[] recv(int bufferSize) {
    Datagram datagram = socket().recvfrom(bufferSize);
    if (datagram.data().length == 0) conduct.life.within(this::handleClose);
    return datagram.data();
  }

  @Override
  public int recv(ByteBuffer target) {
    byte[] data = recv(target.remaining());
    target.put(data);
    return data.length;
  }
}
