package org.asyncore.netty.epoll;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.asyncore.netty.kernel.Addresses;
import org.asyncore.netty.kernel.Datagrams;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.netty.kernel.Memory;
import org.asyncore.netty.kernel.Options;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.WouldBlockException;

/** Datagrams on Netty's epoll channels. */
final class EpollDatagrams implements Datagrams {
  /** The opposite of the JDK's {@code IP_MULTICAST_LOOP}. */
  private static final ChannelOption<Boolean> LOOP_DISABLED =
      ChannelOption.IP_MULTICAST_LOOP_DISABLED;

  @Override
  public Channel newChannel(Family family) {
    try {
      return switch (family) {
        case INET -> hearAll(new EpollDatagramChannel(SocketProtocolFamily.INET), 0, 49);
        case INET6 -> hearAll(new EpollDatagramChannel(SocketProtocolFamily.INET6), 41, 29);
        case UNIX -> new EpollDomainDatagramChannel();
      };
    } catch (ChannelException refused) {
      throw ErrnoMapping.osException(refused);
    }
  }

  /** Sets {@code IP_MULTICAST_ALL} as Linux does; Netty has just cleared it. */
  private static Channel hearAll(Channel channel, int level, int option) {
    try {
      socket(channel).setIntOpt(level, option, 1);
    } catch (IOException tooOld) {
      // A system without the option hears all anyway.
    }
    return channel;
  }

  @Override
  public Errno connectNow(Channel channel, SocketAddress address) {
    try {
      socket(channel).connect(Addresses.toNetty(address)); // Netty closes a channel that fails.
      return Errno.OK;
    } catch (IOException refused) {
      return ErrnoMapping.errno(refused);
    }
  }

  @Override
  public void tellOfConnect(Channel channel, SocketAddress address) {
    if (channel.remoteAddress() == null) channel.connect(Addresses.toNetty(address)); // Once only.
  }

  @Override
  public boolean canReceive(Channel channel) {
    return true;
  }

  @Override
  public void sendNow(Channel channel, ByteBuffer data, SocketAddress address) {
    int byteCount = data.remaining();
    ByteBuf direct = Memory.direct(channel.alloc(), Math.max(1, byteCount));
    try {
      direct.writeBytes(data.duplicate());
      ByteBuffer bytes = direct.internalNioBuffer(0, direct.capacity());
      int taken = send(socket(channel), bytes, bytes.position(), byteCount, address);
      if (taken == 0 && byteCount > 0) throw WouldBlockException.INSTANCE;
    } catch (IOException | IllegalStateException refused) { // Netty's NotYetConnectedException.
      throw ErrnoMapping.osException(refused);
    } finally {
      direct.release();
    }
  }

  private static int send(
      Socket socket, ByteBuffer bytes, int start, int byteCount, SocketAddress address)
      throws IOException {
    int end = start + byteCount;
    if (address == null) return socket.send(bytes, start, end);
    if (Addresses.toNetty(address) instanceof DomainSocketAddress unix) {
      byte[] path = unix.path().getBytes(StandardCharsets.UTF_8);
      return socket.sendToDomainSocket(bytes, start, end, path);
    }
    InetSocketAddress inet = (InetSocketAddress) address;
    return socket.sendTo(bytes, start, end, inet.getAddress(), inet.getPort());
  }

  @Override
  public void shutdown(Channel channel, boolean input, boolean output) {
    try {
      socket(channel).shutdown(input, output);
    } catch (IOException refused) {
      throw ErrnoMapping.osException(refused);
    }
  }

  @Override
  @SuppressWarnings("unchecked") // IP_MULTICAST_LOOP is a Boolean.
  public <T> T getOption(Channel channel, SocketOption<T> option) {
    if (isLoop(channel, option)) {
      return (T) (Boolean) !channel.config().getOption(LOOP_DISABLED);
    }
    return Options.get(channel, option);
  }

  @Override
  public <T> void setOption(Channel channel, SocketOption<T> option, T value) {
    if (isLoop(channel, option)) channel.config().setOption(LOOP_DISABLED, !(Boolean) value);
    else Options.set(channel, option, value);
  }

  private static boolean isLoop(Channel channel, SocketOption<?> option) {
    return option.equals(StandardSocketOptions.IP_MULTICAST_LOOP)
        && channel instanceof EpollDatagramChannel;
  }

  private static Socket socket(Channel channel) {
    return (Socket) ((UnixChannel) channel).fd();
  }
}
