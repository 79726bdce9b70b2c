package org.asyncore.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Opens connections to a server on this machine. */
final class Connections {
  /** Fewer than any listener's backlog, so that none is turned away and tried again a second on. */
  private static final int AT_A_TIME = 64;

  private Connections() {}

  static InetSocketAddress server(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** A channel that does not block, connected or about to be. */
  static SocketChannel start(int port) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    channel.connect(server(port));
    return channel;
  }

  /**
   * So many connections, which the server has accepted when this returns: every so often the last
   * one makes a round trip, and servers accept in order.
   */
  static List<SocketChannel> open(int port, int count, Pattern pattern) throws IOException {
    List<SocketChannel> channels = new ArrayList<>(count);
    ByteBuffer view = pattern.view();
    while (channels.size() < count) {
      SocketChannel channel = SocketChannel.open();
      channels.add(channel);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.connect(server(port));
      if (channels.size() % AT_A_TIME == 0 || channels.size() == count) roundTrip(channel, view);
    }
    for (SocketChannel channel : channels) channel.configureBlocking(false);
    return channels;
  }

  private static void roundTrip(SocketChannel channel, ByteBuffer view) throws IOException {
    ByteBuffer line = Pattern.show(view, 0, Pattern.LINE_BYTES);
    while (line.hasRemaining()) channel.write(line);
    ByteBuffer answer = ByteBuffer.allocate(Pattern.LINE_BYTES);
    while (answer.hasRemaining()) {
      if (channel.read(answer) < 0) throw new IOException("the server closed " + channel);
    }
    Pattern.check(answer.flip(), view, 0);
  }
}
