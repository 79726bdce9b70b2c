package org.asyncore.compat.play;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;

/** A stream socket that is connected, or was meant to be. */
final class SocketPeer extends StreamPeer {
  private final Family family;
  private PlainStream channel;

  /** Over a socket that is open, connected or not; owns it. */
  SocketPeer(PlainStream channel, Family family) {
    this.channel = channel;
    this.family = family;
  }

  void connect(SocketAddress address, Waiting waiting) throws IOException, InterruptedException {
    over(true); // Unless it comes about.
    boolean isConnected;
    try {
      isConnected =
          channel.connect(address)
              || waiting.until(() -> channel.finishConnect() ? channel : null) != null;
    } catch (IOException e) {
      // The JDK closes what it could not connect; the peer keeps its descriptor all the same.
      channel.close();
      channel = Grounds.OF_PROCESS.stream(family);
      throw e;
    }
    if (!isConnected) throw new SocketTimeoutException("nobody answers");
    over(false);
  }

  SocketAddress localAddress() throws IOException {
    return channel.localAddress();
  }

  @Override
  int read(ByteBuffer target) throws IOException {
    return channel.read(target);
  }

  @Override
  int write(ByteBuffer data) throws IOException {
    return channel.write(data);
  }

  /** Sends bytes of which the last one is urgent. */
  void sendUrgent(byte[] data) throws IOException {
    ByteBuffer before = ByteBuffer.wrap(data, 0, data.length - 1);
    while (before.hasRemaining()) channel.write(before);
    channel.sendUrgent(data[data.length - 1]);
  }

  void shutdown() throws IOException {
    if (isOver()) return;
    try {
      channel.shutdownOutput();
    } catch (NotYetConnectedException ignored) {
      // There is nothing to shut down.
    } catch (IOException e) {
      if (PlainErrors.errno(e) != Errno.ENOTCONN) throw e;
    }
  }

  /** Closes so that the other side gets a reset. */
  void reset() throws IOException {
    channel.resetOnClose();
    channel.close();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
