package org.asyncore.compat.play;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import org.asyncore.transport.Family;

/** A listening socket. */
final class ListeningPeer implements Peer {
  private final PlainListener channel;
  private final Family family;

  ListeningPeer(Family family, SocketAddress address, int backlog) throws IOException {
    this.family = family;
    channel = Grounds.OF_PROCESS.listener(family, address, backlog);
  }

  SocketAddress localAddress() throws IOException {
    return channel.localAddress();
  }

  /** The connection that comes next. */
  SocketPeer accept(Waiting waiting) throws IOException, InterruptedException {
    PlainStream accepted = waiting.until(channel::accept);
    if (accepted == null) throw new SocketTimeoutException("nobody connects");
    return new SocketPeer(accepted, family);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
