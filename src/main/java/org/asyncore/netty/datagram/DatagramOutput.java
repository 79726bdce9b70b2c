package org.asyncore.netty.datagram;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AddressedEnvelope;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.asyncore.netty.kernel.Addresses;
import org.asyncore.netty.kernel.Datagrams;
import org.asyncore.netty.kernel.Memory;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.WouldBlockException;

/**
 * The sending half of a {@link DatagramSocket}: what the kernel has no room for is taken back from
 * the channel, so nothing ever waits. For the holder of the turn, but for {@link #sendNow}.
 */
final class DatagramOutput {
  private final DatagramSocket socket;
  private final Channel channel;
  private final Datagrams datagrams;
  private Errno error = Errno.OK;
  private boolean writing;

  DatagramOutput(DatagramSocket socket, Channel channel, Datagrams datagrams) {
    this.socket = socket;
    this.channel = channel;
    this.datagrams = datagrams;
  }

  /** Whether the channel is at work for this half, so that what it reports belongs here. */
  boolean isWriting() {
    return writing;
  }

  void fail(Errno errno) {
    error = errno;
  }

  /** Sends one datagram past the channel, on a thread without the turn. */
  int sendNow(ByteBuffer data, SocketAddress address) {
    socket.needOpen();
    int byteCount = data.remaining();
    socket.directly(() -> datagrams.sendNow(channel, data, address));
    data.position(data.limit());
    return byteCount;
  }

  /** Sends one datagram, to the connected peer if {@code address} is null. */
  int write(ByteBuffer data, SocketAddress address) {
    int byteCount = data.remaining();
    if (byteCount == 0) {
      datagrams.sendNow(channel, data, address);
      return 0;
    }
    ByteBuf bytes = Memory.direct(channel.alloc(), byteCount);
    bytes.writeBytes(data.duplicate());
    writeAndFlush(address == null ? bytes : packet(bytes, address));
    throwError();
    data.position(data.limit());
    return byteCount;
  }

  private void throwError() {
    Errno errno = error;
    if (errno == Errno.OK) return;
    error = Errno.OK;
    throw errno == Errno.EAGAIN ? WouldBlockException.INSTANCE : new OsException(errno);
  }

  private static AddressedEnvelope<ByteBuf, ?> packet(ByteBuf bytes, SocketAddress address) {
    return Addresses.toNetty(address) instanceof DomainSocketAddress unix
        ? new DomainDatagramPacket(bytes, unix)
        : new DatagramPacket(bytes, (InetSocketAddress) address);
  }

  private void writeAndFlush(Object message) {
    writing = true;
    try {
      channel.writeAndFlush(message, channel.voidPromise());
      ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
      if (unsent == null) {
        error = Errno.EBADF; // A handler of the pipeline closed the channel.
        return;
      }
      if (!unsent.isEmpty())
        socket.gate().deliver(Readiness.OUT); // Netty may still wait for earlier room.
      while (!unsent.isEmpty()) unsent.remove(WouldBlockException.INSTANCE);
    } finally {
      writing = false;
    }
  }
}
