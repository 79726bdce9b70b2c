package org.asyncore.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * The other end of a connection: the JDK's plain blocking socket, where no receive waits longer
 * than ten seconds. Text is Latin-1.
 */
public final class Peer implements Loopback.Closing {
  private static final int LIMIT_MILLIS = 10_000;
  private static final int STALL_MILLIS = 100;

  private final SocketChannel channel;

  private Peer(SocketChannel channel) throws IOException {
    this.channel = channel;
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.socket().setSoTimeout(LIMIT_MILLIS);
  }

  /** A listening socket for peers to come from; the system chooses the port. */
  public static final class Door implements Loopback.Closing {
    private final ServerSocketChannel channel;

    public Door(Wiring wiring) {
      try {
        channel = ServerSocketChannel.open();
        channel.bind(new InetSocketAddress(wiring.loopback(), 0));
        channel.socket().setSoTimeout(LIMIT_MILLIS);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    public InetSocketAddress address() {
      return (InetSocketAddress) channel.socket().getLocalSocketAddress();
    }

    /** How many bytes a connection of this door holds for its reader; before it is accepted. */
    public Door receiveBuffer(int byteCount) {
      try {
        channel.setOption(StandardSocketOptions.SO_RCVBUF, byteCount);
        return this;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    public Peer accept() {
      try {
        return new Peer(channel.socket().accept().getChannel());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Connects, to a listener that need not have accepted yet. */
  public static Peer to(SocketAddress address) {
    try {
      return new Peer(SocketChannel.open(address));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) channel.socket().getLocalSocketAddress();
  }

  public Peer send(String data) {
    return send(data.getBytes(ISO_8859_1));
  }

  public Peer send(byte[] data) {
    try {
      channel.socket().getOutputStream().write(data);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a byte that is urgent. */
  public Peer sendUrgent(int data) {
    try {
      channel.socket().sendUrgentData(data);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Sends until the other end takes no more, or {@code limit} bytes are gone.
   *
   * @return how many went
   */
  public long sendUntilStalled(long limit) {
    ByteBuffer data = ByteBuffer.allocate(65536);
    long sent = 0;
    try (Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_WRITE);
      while (sent < limit) {
        selector.selectedKeys().clear();
        if (selector.select(STALL_MILLIS) == 0) break;
        data.clear();
        sent += channel.write(data);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      channel.configureBlocking(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sent;
  }

  /** Exactly so many bytes. */
  public String receive(int byteCount) {
    try {
      byte[] data = channel.socket().getInputStream().readNBytes(byteCount);
      if (data.length < byteCount) {
        throw new EOFException(
            "the stream ended after " + data.length + " of " + byteCount + " bytes");
      }
      return new String(data, ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What has come already, without waiting: at most 64 KiB. */
  public String receiveNow() {
    ByteBuffer data = ByteBuffer.allocate(65536);
    try {
      channel.configureBlocking(false);
      channel.read(data);
      channel.configureBlocking(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new String(data.array(), 0, data.position(), ISO_8859_1);
  }

  /** Everything up to the end of the stream, and how it ended: {@code closed} or {@code reset}. */
  public Received receiveAll() {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    byte[] piece = new byte[65536];
    try {
      InputStream input = channel.socket().getInputStream();
      for (int n; (n = input.read(piece)) >= 0; ) data.write(piece, 0, n);
      return new Received(data.toString(ISO_8859_1), "closed");
    } catch (SocketTimeoutException e) {
      throw new UncheckedIOException(
          "no end of stream within 10 s, after " + data.size() + " bytes", e);
    } catch (IOException e) {
      return new Received(data.toString(ISO_8859_1), "reset");
    }
  }

  /** What came, and how it ended. */
  public record Received(String data, String then) {
    @Override
    public String toString() {
      return (data.length() > 100 ? data.length() + " bytes" : "'" + data + "'") + " then " + then;
    }
  }

  /** Sends the end of the stream and goes on reading. */
  public Peer endOutput() {
    try {
      channel.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Resets the connection. */
  public void reset() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
