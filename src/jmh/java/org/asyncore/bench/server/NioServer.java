package org.asyncore.bench.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** The JDK alone: one selector, one buffer; a key's attachment is what its peer did not take. */
final class NioServer implements Server {
  private ServerSocketChannel listening;
  private Selector selector;
  private final ByteBuffer buffer;

  NioServer(int receiveBytes) {
    buffer = ByteBuffer.allocateDirect(receiveBytes);
  }

  @Override
  public void serve(Control control) throws IOException {
    selector = Selector.open();
    listening = ServerSocketChannel.open();
    listening.configureBlocking(false);
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Backlog.CONNECTIONS);
    listening.register(selector, SelectionKey.OP_ACCEPT);
    control.listening(((InetSocketAddress) listening.getLocalAddress()).getPort());
    while (listening.isOpen()) selector.select(this::ready);
  }

  private void ready(SelectionKey key) {
    try {
      if (key.isAcceptable()) accept();
      else if (key.isReadable()) read(key);
      else write(key);
    } catch (IOException failed) {
      close(key);
    }
  }

  private void accept() throws IOException {
    SocketChannel accepted = listening.accept();
    if (accepted == null) return;
    accepted.configureBlocking(false);
    accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
    accepted.register(selector, SelectionKey.OP_READ);
  }

  private void read(SelectionKey key) throws IOException {
    SocketChannel channel = (SocketChannel) key.channel();
    if (channel.read(buffer.clear()) < 0) {
      channel.close();
      return;
    }
    channel.write(buffer.flip());
    if (!buffer.hasRemaining()) return;
    key.attach(ByteBuffer.allocateDirect(buffer.remaining()).put(buffer).flip());
    key.interestOps(SelectionKey.OP_WRITE);
  }

  private static void write(SelectionKey key) throws IOException {
    ByteBuffer rest = (ByteBuffer) key.attachment();
    ((SocketChannel) key.channel()).write(rest);
    if (rest.hasRemaining()) return;
    key.attach(null);
    key.interestOps(SelectionKey.OP_READ);
  }

  private static void close(SelectionKey key) {
    try {
      key.channel().close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
