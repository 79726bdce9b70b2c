package org.asyncore.netty.nio;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.nio.AbstractNioChannel.NioUnsafe;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.asyncore.netty.kernel.Datagrams;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.netty.kernel.Options;
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
  public Errno connectNow(Channel channel, SocketAddress address) {
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
  public void tellOfConnect(Channel channel, SocketAddress address) {
    // It asks the JDK's.
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
    DatagramChannel jdk = jdk(channel);
    ByteBuffer bytes = data.duplicate();
    try {
      SocketAddress peer = bytes.hasRemaining() ? null : jdk.getRemoteAddress();
      if (peer != null && (address == null || address.equals(peer))) sendEmptyBeside(jdk, peer);
      else if (address == null) jdk.write(bytes);
      else jdk.send(bytes, address);
      if (bytes.hasRemaining()) throw WouldBlockException.INSTANCE;
    } catch (WouldBlockException full) {
      throw full;
    } catch (IOException | RuntimeException refused) {
      throw ErrnoMapping.osException(refused);
    }
  }

  /**
   * The JDK makes no system call for no bytes on a connected channel. So another one, bound to the
   * same address, sends; what the peer sends meanwhile goes to the one that is connected with it.
   */
  private static void sendEmptyBeside(DatagramChannel jdk, SocketAddress peer) throws IOException {
    InetSocketAddress local = (InetSocketAddress) jdk.getLocalAddress();
    boolean reuseAddress = jdk.getOption(StandardSocketOptions.SO_REUSEADDR);
    try (DatagramChannel beside = DatagramChannel.open(familyOf(local))) {
      jdk.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      NioOptions.carryOver(jdk, beside);
      beside.bind(local);
      beside.send(ByteBuffer.allocate(0), peer);
    } finally {
      jdk.setOption(StandardSocketOptions.SO_REUSEADDR, reuseAddress);
    }
  }

  private static ProtocolFamily familyOf(InetSocketAddress local) {
    return local.getAddress() instanceof Inet6Address
        ? StandardProtocolFamily.INET6
        : StandardProtocolFamily.INET;
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
