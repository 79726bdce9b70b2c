package org.asyncore.compat.play;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.asyncore.transport.Family;

/** A listening socket. */
final class ListeningPeer implements Peer {
  private final ServerSocketChannel channel;
  private final Family family;

  ListeningPeer(Family family, SocketAddress address, int backlog) throws IOException {
    this.family = family;
    channel = PlainSockets.listening(family);
    channel.bind(address, backlog);
  }

  SocketAddress localAddress() throws IOException {
    return channel.getLocalAddress();
  }

  /** The connection that comes next. */
  SocketPeer accept(Waiting waiting) throws IOException, InterruptedException {
    SocketChannel accepted = waiting.until(channel::accept);
    if (accepted == null) throw new SocketTimeoutException("nobody connects");
    return new SocketPeer(PlainSockets.noDelay(accepted, family), family);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
