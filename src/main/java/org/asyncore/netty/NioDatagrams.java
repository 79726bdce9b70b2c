package org.asyncore.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.nio.AbstractNioChannel.NioUnsafe;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.WouldBlockException;

/** Datagrams on the JDK's channels. */
final class NioDatagrams implements Datagrams {
  @Override
  public Channel newChannel(Family family) {
    try {
      return switch (family) {
        case INET -> new NioDatagramChannel(SocketProtocolFamily.INET);
        case INET6 -> new NioDatagramChannel(SocketProtocolFamily.INET6);
        case UNIX ->
            throw new OsException(
                Errno.EPROTONOSUPPORT,
                "no Unix datagrams on NIO (docs/differences.md#no-unix-datagrams-on-nio)");
      };
    } catch (ChannelException refused) {
      throw ErrnoMapping.osException(refused);
    }
  }

  @Override
  public Errno connect(Channel channel, SocketAddress address) {
    try {
      DatagramChannel jdk = jdk(channel); // Without Netty, which closes a channel that fails.
      if (jdk.isConnected()) jdk.disconnect();
      jdk.connect(address);
      return Errno.OK;
    } catch (IOException | RuntimeException refused) {
      return ErrnoMapping.errno(refused);
    }
  }

  @Override
  public boolean canReceive(Channel channel) {
    try {
      return jdk(channel).getLocalAddress() != null; // The JDK binds a channel that it looks into.
    } catch (IOException closed) {
      throw ErrnoMapping.osException(closed);
    }
  }

  @Override
  public void sendNow(Channel channel, ByteBuffer data, SocketAddress address) {
    ByteBuffer bytes = data.duplicate();
    try {
      if (address == null) jdk(channel).write(bytes);
      else jdk(channel).send(bytes, address);
      if (bytes.hasRemaining()) throw WouldBlockException.INSTANCE;
    } catch (WouldBlockException full) {
      throw full;
    } catch (IOException | RuntimeException refused) {
      throw ErrnoMapping.osException(refused);
    }
  }

  @Override
  public void shutdown(Channel channel, boolean input, boolean output) {
    throw new OsException(
        Errno.EOPNOTSUPP,
        "no shutdown of datagrams on NIO"
            + " (docs/differences.md#no-shutdown-of-datagrams-on-nio)");
  }

  // Not through Netty, which takes IP_MULTICAST_LOOP for its opposite on NIO.

  @Override
  public <T> T getOption(Channel channel, SocketOption<T> option) {
    try {
      return jdk(channel).getOption(option);
    } catch (UnsupportedOperationException unknown) {
      throw Options.unknown(option);
    } catch (IOException refused) {
      throw ErrnoMapping.osException(refused);
    }
  }

  @Override
  public <T> void setOption(Channel channel, SocketOption<T> option, T value) {
    try {
      jdk(channel).setOption(option, value);
    } catch (UnsupportedOperationException unknown) {
      throw Options.unknown(option);
    } catch (IOException refused) {
      throw ErrnoMapping.osException(refused);
    }
  }

  private static DatagramChannel jdk(Channel channel) {
    return (DatagramChannel) ((NioUnsafe) channel.unsafe()).ch();
  }
}
