package org.asyncore.compat.play;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.asyncore.transport.Datagram;
import org.asyncore.transport.Family;

/** A bound datagram socket. */
final class DatagramPeer implements Peer {
  private static final int LONGEST = 65536;

  private final PlainDatagrams channel;

  DatagramPeer(Family family, SocketAddress address) throws IOException {
    channel = Grounds.OF_PROCESS.datagrams(family, address);
  }

  SocketAddress localAddress() throws IOException {
    return channel.localAddress();
  }

  void send(byte[] data, SocketAddress address) throws IOException {
    channel.send(ByteBuffer.wrap(data), address);
  }

  /** The datagram that comes next. */
  Datagram receive(Waiting waiting) throws IOException, InterruptedException {
    ByteBuffer room = ByteBuffer.allocate(LONGEST);
    SocketAddress sender = waiting.until(() -> channel.receive(room));
    if (sender == null) throw new SocketTimeoutException("no datagram comes");
    return new Datagram(Arrays.copyOf(room.array(), room.position()), sender);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
