package org.asyncore.netty;

import java.net.SocketAddress;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.Held;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.UseCount;

/**
 * What sockets share that a loop serves without a pipeline in between: the number, the turn around
 * each call, names and closing.
 *
 * <p>Public calls take the loop's turn and may come from any thread; everything else is for the
 * holder of the turn.
 */
abstract class NettySocket extends Polled implements AsyncSocket, UseCount, Held {
  private final Family family;
  private final SocketType type;
  private final SocketNumber number = new SocketNumber();
  private int uses;

  NettySocket(NettyTransport transport, Family family, SocketType type) {
    super(transport);
    this.family = family;
    this.type = type;
  }

  // --- the number and the address family ---

  final void number(int number) {
    this.number.change(number);
  }

  /** Gives the number away, to the socket that takes the channel over. */
  final int giveNumber() {
    return number.end();
  }

  @Override
  final boolean isClosed() {
    return number.isClosed();
  }

  final void needOpen() {
    number.needOpen();
  }

  @Override
  public final int fileno() {
    return number.get();
  }

  @Override
  public final Holder holder() {
    return number.holder();
  }

  @Override
  public final void holder(Holder holder) {
    number.holder(holder);
  }

  @Override
  final void descriptorLost() {
    number.change(kernel.numberAfterLoss(number.get()));
  }

  @Override
  public final Family family() {
    return family;
  }

  @Override
  public final SocketType type() {
    return type;
  }

  @Override
  public final NettyTransport transport() {
    return loopTransport();
  }

  // --- calls of the program ---

  @Override
  final void entered() {
    uses++;
  }

  @Override
  public final int uses() {
    return uses;
  }

  @Override
  public final SocketAddress getsockname() {
    enter();
    try {
      needOpen();
      return kernel.localAddress(channel(), family);
    } finally {
      exit();
    }
  }

  @Override
  public final SocketAddress getpeername() {
    enter();
    try {
      needOpen();
      SocketAddress address = peerAddress();
      if (address == null) throw new OsException(Errno.ENOTCONN);
      return address;
    } finally {
      exit();
    }
  }

  /** The address of a peer that we are connected with; null if there is none. */
  SocketAddress peerAddress() {
    return kernel.remoteAddress(channel(), family);
  }

  @Override
  public final void close() {
    enter();
    try {
      if (isClosed()) return;
      kernel.returnNumber(number.end());
      known(Readiness.NVAL);
      closeChannel();
    } finally {
      exit();
    }
  }

  /** Closes the channel, at once or when its bytes are out. */
  abstract void closeChannel();

  @Override
  public String toString() {
    return "socket " + fileno() + " " + channel();
  }
}
