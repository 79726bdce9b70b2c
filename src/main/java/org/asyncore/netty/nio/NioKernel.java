package org.asyncore.netty.nio;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.AbstractNioChannel.NioUnsafe;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import org.asyncore.netty.kernel.Addresses;
import org.asyncore.netty.kernel.Datagrams;
import org.asyncore.netty.kernel.DescriptorNumbers;
import org.asyncore.netty.kernel.Descriptors;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.netty.kernel.Kernel;
import org.asyncore.netty.kernel.Kernel.OpenSocket;
import org.asyncore.netty.kernel.ReceiveBuffer;
import org.asyncore.netty.loop.Gate;
import org.asyncore.netty.loop.GatedIoHandler;
import org.asyncore.netty.loop.TurnEventLoop;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.WouldBlockException;

/**
 * Any platform, through the JDK's channels: they hide their descriptors, so some answers are from
 * what is known.
 */
public final class NioKernel implements Kernel {
  private final Datagrams datagrams = new NioDatagrams();
  private final Descriptors descriptors = new NioDescriptors();

  @Override
  public String name() {
    return "nio";
  }

  @Override
  public GatedIoHandler.Factory handlers() {
    return new GatedIoHandler.Factory(NioIoHandler.newFactory(), NioGate::new);
  }

  @Override
  public boolean hidesHangUps() {
    return true;
  }

  @Override
  public boolean isStream(Channel channel) {
    return channel.unsafe() instanceof NioUnsafe unsafe && unsafe.ch() instanceof SocketChannel;
  }

  @Override
  public Channel newStream(Family family) {
    try {
      SelectorProvider provider = SelectorProvider.provider();
      return switch (family) {
        case INET -> new NioStream(provider, SocketProtocolFamily.INET);
        case INET6 -> new NioStream(provider, SocketProtocolFamily.INET6);
        case UNIX -> new NioDomainSocketChannel();
      };
    } catch (ChannelException refused) {
      throw ErrnoMapping.osException(refused);
    }
  }

  @Override
  public OpenSocket open(int descriptor) {
    throw hidesDescriptors();
  }

  @Override
  public int detach(Channel channel) {
    throw hidesDescriptors();
  }

  private static OsException hidesDescriptors() {
    return new OsException(
        Errno.EOPNOTSUPP,
        "the JDK hides the descriptors of sockets (docs/differences.md#no-descriptors-on-nio)");
  }

  @Override
  public Descriptors descriptors() {
    return descriptors;
  }

  @Override
  public Datagrams datagrams() {
    return datagrams;
  }

  @Override
  public Channel listen(Channel stream, Family family, boolean isBound, int backlog) {
    return NioListening.listen((SocketChannel) jdk(stream), family, isBound, backlog);
  }

  @Override
  public void discard(Channel stream, Gate gate) {
    stream.pipeline().removeLast(); // Its end is nobody's business.
    stream.close();
  }

  @Override
  public void listenAgain(Channel listening, int backlog) {
    // The JDK cannot change the backlog of a channel that listens.
  }

  @Override
  public int dealNumber(Channel channel) {
    return DescriptorNumbers.deal();
  }

  @Override
  public int numberAfterLoss(int before) {
    return before; // It never was a descriptor's.
  }

  @Override
  public void returnNumber(int number) {
    DescriptorNumbers.takeBack(number);
  }

  @Override
  public Errno takeError(Channel channel) {
    return Errno.OK; // The JDK reports an error where it happens, and keeps none.
  }

  @Override
  public boolean connectHasEnded(Channel channel) {
    SelectableChannel connecting = jdk(channel);
    if (!connecting.isOpen()) return true;
    // The channel may only be told once, so another selector looks.
    try (Selector selector = Selector.open()) {
      connecting.register(selector, SelectionKey.OP_CONNECT);
      return selector.selectNow() > 0;
    } catch (IOException noDescriptor) {
      return false; // Nobody can look beside the loop, which finds it in the next pass.
    }
  }

  /** A stream whose connect may have begun past it. */
  private static final class NioStream extends NioSocketChannel {
    NioStream(SelectorProvider provider, SocketProtocolFamily family) {
      super(provider, family);
    }

    @Override
    protected boolean doConnect(SocketAddress remote, SocketAddress local) throws Exception {
      if (!javaChannel().isConnectionPending()) return super.doConnect(remote, local);
      addAndSubmit(NioIoOps.CONNECT);
      return false;
    }
  }

  @Override
  public void bindNow(Channel channel, SocketAddress address) {
    try {
      ((NetworkChannel) jdk(channel)).bind(address);
    } catch (IOException | RuntimeException refused) {
      throw ErrnoMapping.osException(refused);
    }
  }

  @Override
  public Errno connectNow(Channel channel, SocketAddress address) {
    if (channel instanceof ServerChannel) return Errno.EISCONN;
    SocketChannel stream = (SocketChannel) jdk(channel);
    if (stream.isConnected()) return Errno.EISCONN;
    if (stream.isConnectionPending()) return Errno.EALREADY;
    try {
      return stream.connect(address) ? Errno.OK : Errno.EALREADY;
    } catch (IOException | RuntimeException refused) {
      return ErrnoMapping.errno(refused);
    }
  }

  @Override
  public Channel connected(Channel channel, Family family) {
    SocketChannel stream = connected(channel);
    if (stream == null) return null;
    return family == Family.UNIX
        ? new NioDomainSocketChannel(stream)
        : new NioSocketChannel(stream);
  }

  @Override
  public boolean connectHasFailed(Channel channel) {
    return false; // The JDK knows when it is asked to finish it.
  }

  @Override
  public boolean isSpent(Channel channel) {
    return !jdk(channel).isOpen();
  }

  @Override
  public int recvNow(Channel channel, ByteBuffer target) {
    if (isConnecting(channel)) throw WouldBlockException.INSTANCE;
    SocketChannel stream = connected(channel);
    if (stream == null) throw new OsException(isUnix(channel) ? Errno.EINVAL : Errno.ENOTCONN);
    try {
      int came = stream.read(target);
      if (came == 0 && target.hasRemaining()) throw WouldBlockException.INSTANCE;
      return Math.max(came, 0);
    } catch (IOException failed) {
      throw ErrnoMapping.osException(failed);
    }
  }

  private static SocketChannel connected(Channel channel) {
    return jdk(channel) instanceof SocketChannel stream && stream.isConnected() ? stream : null;
  }

  @Override
  public int sendNow(Channel channel, ByteBuffer data) {
    if (isConnecting(channel)) throw WouldBlockException.INSTANCE;
    SocketChannel stream = connected(channel);
    if (stream == null) throw new OsException(isUnix(channel) ? Errno.ENOTCONN : Errno.EPIPE);
    try {
      int taken = stream.write(data);
      if (taken == 0 && data.hasRemaining()) throw WouldBlockException.INSTANCE;
      return taken;
    } catch (IOException failed) {
      throw ErrnoMapping.osException(failed);
    }
  }

  private static boolean isConnecting(Channel channel) {
    return jdk(channel) instanceof SocketChannel stream && stream.isConnectionPending();
  }

  private static boolean isUnix(Channel channel) {
    return channel instanceof NioDomainSocketChannel
        || channel instanceof NioServerDomainSocketChannel;
  }

  @Override
  public SocketAddress localAddress(Channel channel, Family family) {
    try {
      SocketAddress address = ((NetworkChannel) jdk(channel)).getLocalAddress();
      SocketAddress listening = family == Family.UNIX ? UnixListener.addressOf(channel) : null;
      if (listening != null) return listening;
      return address == null ? Addresses.unknown(family) : Addresses.fromNetty(address);
    } catch (IOException closed) {
      throw ErrnoMapping.osException(closed);
    }
  }

  @Override
  public SocketAddress remoteAddress(Channel channel, Family family) {
    try {
      SelectableChannel jdk = jdk(channel);
      if (jdk instanceof SocketChannel stream) {
        return Addresses.fromNetty(stream.getRemoteAddress());
      }
      return jdk instanceof DatagramChannel datagram ? datagram.getRemoteAddress() : null;
    } catch (IOException closed) {
      return null; // The JDK closed it when its connect failed.
    }
  }

  @Override
  public void letGoOfClosed(TurnEventLoop loop) {
    loop.handler().look();
  }

  @Override
  public byte recvUrgent(Channel channel, ReceiveBuffer others) {
    throw new OsException(
        Errno.EOPNOTSUPP, "no urgent data on NIO (docs/differences.md#no-urgent-data-on-nio)");
  }

  @Override
  public int sendUrgent(Channel channel, byte[] data) {
    if (data.length == 0) return 0;
    if (!(jdk(channel) instanceof SocketChannel stream)) throw new OsException(Errno.EPIPE);
    try {
      ByteBuffer before = ByteBuffer.wrap(data, 0, data.length - 1);
      if (before.hasRemaining() && stream.write(before) == 0) throw WouldBlockException.INSTANCE;
      if (before.hasRemaining()) return before.position();
      stream.socket().sendUrgentData(data[data.length - 1]);
      return data.length;
    } catch (IOException | RuntimeException failed) {
      throw ErrnoMapping.osException(failed);
    }
  }

  static SelectableChannel jdk(Channel channel) {
    return ((NioUnsafe) channel.unsafe()).ch();
  }
}
