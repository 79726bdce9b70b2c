package org.asyncore.netty.epoll;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import org.asyncore.netty.kernel.Addresses;
import org.asyncore.netty.kernel.Datagrams;
import org.asyncore.netty.kernel.DescriptorNumbers;
import org.asyncore.netty.kernel.Descriptors;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.netty.kernel.Kernel;
import org.asyncore.netty.kernel.Kernel.OpenSocket;
import org.asyncore.netty.kernel.Memory;
import org.asyncore.netty.kernel.ReceiveBuffer;
import org.asyncore.netty.kernel.UnixNames;
import org.asyncore.netty.loop.Gate;
import org.asyncore.netty.loop.GatedIoHandler;
import org.asyncore.netty.loop.TurnEventLoop;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.WouldBlockException;

/**
 * Linux, through Netty's native epoll channels: whatever can be asked is asked of the descriptor.
 */
public final class EpollKernel implements Kernel {
  private final Datagrams datagrams = new EpollDatagrams();
  private final Descriptors descriptors = new EpollDescriptors();

  @Override
  public String name() {
    return "epoll";
  }

  @Override
  public GatedIoHandler.Factory handlers() {
    return new GatedIoHandler.Factory(EpollIoHandler.newFactory(), EpollGate::new);
  }

  @Override
  public boolean hidesHangUps() {
    return false;
  }

  @Override
  public boolean isStream(Channel channel) {
    return channel instanceof AbstractEpollStreamChannel;
  }

  @Override
  public Channel newStream(Family family) {
    try {
      return switch (family) {
        case INET -> new EpollSocketChannel(SocketProtocolFamily.INET);
        case INET6 -> new EpollSocketChannel(SocketProtocolFamily.INET6);
        case UNIX -> new EpollDomainSocketChannel();
      };
    } catch (ChannelException refused) {
      throw ErrnoMapping.osException(refused);
    }
  }

  @Override
  public OpenSocket open(int descriptor) {
    return SocketByDescriptor.open(descriptor);
  }

  @Override
  public int detach(Channel channel) {
    return socket(channel).intValue(); // Which nobody closes but the channel, if it is told to.
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
    listenAgain(stream, backlog);
    int number = socket(stream).intValue();
    if (family == Family.UNIX) return new EpollServerDomainSocketChannel(number);
    try {
      boolean reuseAddress = socket(stream).isReuseAddress();
      EpollServerSocketChannel listening = new EpollServerSocketChannel(number);
      listening
          .config()
          .setReuseAddress(reuseAddress); // Netty's default is another one than Python's.
      return listening;
    } catch (IOException refused) {
      throw ErrnoMapping.osException(refused);
    }
  }

  @Override
  public void discard(Channel stream, Gate gate) {
    gate.cancel(); // The listening channel has its descriptor, so it must not be closed.
  }

  @Override
  public void listenAgain(Channel listening, int backlog) {
    try {
      socket(listening).listen(backlog);
    } catch (IOException refused) {
      throw ErrnoMapping.osException(refused);
    }
  }

  @Override
  public int dealNumber(Channel channel) {
    return socket(channel).intValue(); // A real descriptor: the system deals the lowest free one.
  }

  @Override
  public int numberAfterLoss(int before) {
    return DescriptorNumbers.isBeyond(before) ? before : DescriptorNumbers.deal();
  }

  @Override
  public void returnNumber(int number) {
    // A descriptor the system has back when it is closed.
    if (DescriptorNumbers.isBeyond(number)) DescriptorNumbers.takeBack(number);
  }

  @Override
  public Errno takeError(Channel channel) {
    try {
      return Errno.of(socket(channel).getSoError());
    } catch (IOException failed) {
      throw ErrnoMapping.osException(failed);
    }
  }

  @Override
  public boolean connectHasEnded(Channel channel) {
    return remoteAddress(channel, familyOf(channel)) != null;
  }

  private static Family familyOf(Channel channel) {
    return channel instanceof EpollDomainSocketChannel ? Family.UNIX : Family.INET;
  }

  @Override
  public void bindNow(Channel channel, SocketAddress address) {
    try {
      socket(channel).bind(address);
    } catch (IOException refused) {
      throw ErrnoMapping.osException(refused);
    }
  }

  @Override
  public Channel connected(Channel channel, Family family) {
    if (!connectHasEnded(channel)) return null;
    int number = socket(channel).intValue();
    return family == Family.UNIX
        ? new EpollDomainSocketChannel(number)
        : new EpollSocketChannel(number);
  }

  @Override
  public boolean connectHasFailed(Channel channel) {
    return DescriptorPoll.at(socket(channel), Readiness.ERR | Readiness.HUP) != 0;
  }

  @Override
  public boolean isSpent(Channel channel) {
    return false; // The descriptor is as it was.
  }

  @Override
  public Errno connectNow(Channel channel, SocketAddress address) {
    try {
      return socket(channel).connect(Addresses.toNetty(address)) ? Errno.OK : Errno.EALREADY;
    } catch (AlreadyConnectedException connected) {
      return Errno.EISCONN;
    } catch (IOException refused) {
      return ErrnoMapping.errno(refused);
    }
  }

  @Override
  public int recvNow(Channel channel, ByteBuffer target) {
    int came;
    try {
      came = socket(channel).recv(target, target.position(), target.limit());
    } catch (IOException
        | RuntimeException failed) { // Netty's NotYetConnectedException is unchecked.
      throw ErrnoMapping.osException(failed);
    }
    if (came == 0) throw WouldBlockException.INSTANCE;
    return Math.max(came, 0); // Netty's -1 is the end of the stream.
  }

  @Override
  public int sendNow(Channel channel, ByteBuffer data) {
    ByteBuf direct = Memory.direct(channel.alloc(), data.remaining());
    try {
      direct.writeBytes(data.duplicate());
      ByteBuffer bytes = direct.internalNioBuffer(0, direct.readableBytes());
      int taken = socket(channel).send(bytes, bytes.position(), bytes.limit());
      if (taken == 0 && data.hasRemaining()) throw WouldBlockException.INSTANCE;
      data.position(data.position() + taken);
      return taken;
    } catch (IOException failed) {
      throw ErrnoMapping.osException(failed);
    } catch (IllegalStateException failed) { // Netty's NotYetConnectedException.
      throw ErrnoMapping.osException(failed);
    } finally {
      direct.release();
    }
  }

  @Override
  public SocketAddress localAddress(Channel channel, Family family) {
    Socket socket = socket(channel);
    SocketAddress address =
        family == Family.UNIX ? socket.localDomainSocketAddress() : socket.localAddress();
    return address == null ? Addresses.unknown(family) : Addresses.fromNetty(address);
  }

  @Override
  public SocketAddress remoteAddress(Channel channel, Family family) {
    Socket socket = socket(channel);
    if (family != Family.UNIX) return socket.remoteAddress();
    DomainSocketAddress told = socket.remoteDomainSocketAddress();
    return told == null ? null : UnixNames.peerOf(socket, told);
  }

  @Override
  public void letGoOfClosed(TurnEventLoop loop) {
    // The descriptor is closed with the channel.
  }

  @Override
  public byte recvUrgent(Channel channel, ReceiveBuffer others) {
    return Urgent.take(socket(channel), channel.alloc(), others);
  }

  @Override
  public int sendUrgent(Channel channel, byte[] data) {
    throw new OsException(
        Errno.EOPNOTSUPP,
        "Netty's natives send no urgent data"
            + " (docs/differences.md#no-sending-urgent-data-on-epoll)");
  }

  private static Socket socket(Channel channel) {
    Socket socket = (Socket) ((UnixChannel) channel).fd();
    if (!socket.isOpen()) throw new OsException(Errno.EBADF); // The number may be another's by now.
    return socket;
  }
}
