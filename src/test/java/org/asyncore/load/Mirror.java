package org.asyncore.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/** Gives back what it gets, on a thread of its own; resets every so manieth of its connections. */
final class Mirror implements AutoCloseable {
  private static final int BUFFER = 32 << 10;
  private static final long SELECT_MILLIS = 20;

  /** After so many bytes it resets, if it does. */
  private static final int PATIENCE = 5000;

  private final int resetsEvery;
  private final Selector selector = Selector.open();
  private final ServerSocketChannel door = ServerSocketChannel.open();
  private final Thread thread = new Thread(this::run, "load-mirror");
  private int accepted;
  private volatile boolean isClosing;
  private volatile Throwable failure;

  Mirror(int resetsEvery, int backlog) throws IOException {
    this.resetsEvery = resetsEvery;
    door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), backlog);
    door.configureBlocking(false);
    door.register(selector, SelectionKey.OP_ACCEPT);
    thread.setDaemon(true);
    thread.start();
  }

  InetSocketAddress address() {
    return (InetSocketAddress) door.socket().getLocalSocketAddress();
  }

  /** What one connection has to get back. */
  private static final class Waiting {
    final ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
    final boolean isReset;
    int count;

    Waiting(boolean isReset) {
      this.isReset = isReset;
    }
  }

  private void run() {
    try {
      while (!isClosing) {
        selector.select(SELECT_MILLIS);
        for (SelectionKey key : selector.selectedKeys()) {
          if (key.isAcceptable()) accept();
          else serve(key);
        }
        selector.selectedKeys().clear();
      }
      for (SelectionKey key : selector.keys()) key.channel().close();
      selector.close();
    } catch (IOException | RuntimeException broken) {
      failure = broken; // Told by close().
    }
  }

  private void accept() throws IOException {
    for (SocketChannel one; (one = door.accept()) != null; ) {
      one.configureBlocking(false);
      boolean isReset = ++accepted % resetsEvery == 0;
      one.register(selector, SelectionKey.OP_READ, new Waiting(isReset));
    }
  }

  private static void serve(SelectionKey key) throws IOException {
    SocketChannel channel = (SocketChannel) key.channel();
    Waiting waiting = (Waiting) key.attachment();
    try {
      int came = channel.read(waiting.bytes);
      waiting.count += Math.max(0, came);
      if (waiting.isReset && waiting.count > PATIENCE) {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        channel.close();
        return;
      }
      waiting.bytes.flip();
      channel.write(waiting.bytes);
      waiting.bytes.compact();
      if (came < 0 && waiting.bytes.position() == 0) channel.close();
      else key.interestOps(interest(waiting.bytes));
    } catch (IOException gone) {
      channel.close(); // The other end has reset it.
    }
  }

  private static int interest(ByteBuffer bytes) {
    int reading = bytes.hasRemaining() ? SelectionKey.OP_READ : 0;
    return bytes.position() > 0 ? reading | SelectionKey.OP_WRITE : reading;
  }

  @Override
  public void close() {
    isClosing = true;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while the mirror ends", e);
    }
    if (failure != null) throw new AssertionError("the mirror is broken", failure);
  }
}
