package org.asyncore.compat.play;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.asyncore.SocketMap;
import org.asyncore.transport.Family;

/** The JDK's sockets. */
final class SystemGround implements Ground {
  private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** A handshake of three, and one more. */
  private static final int SOUNDINGS = 4;

  @Override
  public SocketMap newMap() {
    return new SocketMap();
  }

  @Override
  public PlainStream stream(Family family) throws IOException {
    return new Stream(noDelay(SocketChannel.open(protocol(family)), family));
  }

  @Override
  public PlainListener listener(Family family, SocketAddress address, int backlog)
      throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(protocol(family));
    if (family != Family.UNIX) channel.setOption(StandardSocketOptions.SO_REUSEADDR, false);
    channel.configureBlocking(false);
    channel.bind(address, backlog);
    return new Listener(channel, family);
  }

  @Override
  public PlainDatagrams datagrams(Family family, SocketAddress address) throws IOException {
    DatagramChannel channel = DatagramChannel.open(protocol(family));
    channel.configureBlocking(false);
    channel.bind(address);
    return new Datagrams(channel);
  }

  private static SocketChannel noDelay(SocketChannel channel, Family family) throws IOException {
    if (family != Family.UNIX) channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    return channel;
  }

  private static ProtocolFamily protocol(Family family) {
    return switch (family) {
      case INET -> StandardProtocolFamily.INET;
      case INET6 -> StandardProtocolFamily.INET6;
      case UNIX -> StandardProtocolFamily.UNIX;
    };
  }

  @Override
  public void settle() {
    Waiting.park(SETTLE_NANOS);
    try {
      for (int i = 0; i < SOUNDINGS; i++) Waiting.sound();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean countsPeers(String transport) {
    return transport.equals("epoll");
  }

  private record Stream(SocketChannel channel) implements PlainStream {
    @Override
    public void bind(SocketAddress address) throws IOException {
      channel.bind(address);
    }

    @Override
    public boolean connect(SocketAddress address) throws IOException {
      channel.configureBlocking(false);
      return channel.connect(address);
    }

    @Override
    public boolean finishConnect() throws IOException {
      return channel.finishConnect();
    }

    @Override
    public SocketAddress localAddress() throws IOException {
      return channel.getLocalAddress();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      return channel.read(target);
    }

    @Override
    public int write(ByteBuffer data) throws IOException {
      return channel.write(data);
    }

    @Override
    public void sendUrgent(byte data) throws IOException {
      channel.socket().sendUrgentData(data);
    }

    @Override
    public void shutdownOutput() throws IOException {
      channel.shutdownOutput();
    }

    @Override
    public void resetOnClose() throws IOException {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private record Listener(ServerSocketChannel channel, Family family) implements PlainListener {
    @Override
    public SocketAddress localAddress() throws IOException {
      return channel.getLocalAddress();
    }

    @Override
    public PlainStream accept() throws IOException {
      SocketChannel accepted = channel.accept();
      if (accepted == null) return null;
      noDelay(accepted, family).configureBlocking(false);
      return new Stream(accepted);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private record Datagrams(DatagramChannel channel) implements PlainDatagrams {
    @Override
    public SocketAddress localAddress() throws IOException {
      return channel.getLocalAddress();
    }

    @Override
    public void send(ByteBuffer data, SocketAddress address) throws IOException {
      channel.send(data, address);
    }

    @Override
    public SocketAddress receive(ByteBuffer room) throws IOException {
      return channel.receive(room);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
