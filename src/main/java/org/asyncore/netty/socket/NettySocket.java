package org.asyncore.netty.socket;

import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import org.asyncore.internal.UseCount;
import org.asyncore.netty.kernel.Addresses;
import org.asyncore.netty.loop.IdleGate;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.Family;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.Transport;

/**
 * What sockets share that a loop serves without a pipeline in between: the number, the turn around
 * each call, names and closing.
 *
 * <p>Public calls take the loop's turn and may come from any thread; everything else is for the
 * holder of the turn.
 */
public abstract class NettySocket extends Polled implements SocketNumber.Owner, UseCount {
  private final Family family;
  private final SocketType type;
  private final SocketNumber number = new SocketNumber();
  private int uses;

  /**
   * Held while a call goes past the channel, to the descriptor, on a thread without the turn; and
   * as the descriptor ceases to be ours. Nothing else is locked, and nobody called, under it.
   */
  private final Object guard = new Object();

  /** Whether it was closed while a callback had the turn, and is to be when that is over. */
  private volatile boolean closesLater;

  /** Guarded by the guard, as is the next one. */
  private boolean isBarred;

  /** What the channel is to be told of that was done past it, in this order. */
  private final Queue<Runnable> owed = new ArrayDeque<>(0);

  private volatile boolean owes;

  /** What has taken the channel over; null for nobody. For the holder of the turn. */
  private AsyncSocket successor;

  protected NettySocket(SocketLoop loop, Family family, SocketType type) {
    super(loop);
    this.family = family;
    this.type = type;
  }

  // --- calls without the turn ---

  /** A call to the descriptor, for which the turn is of no importance. */
  public interface Direct<T> {
    T call();
  }

  /** Makes a call past the channel, unless its descriptor is not ours any more. Any thread. */
  public final <T> T direct(Direct<T> call) {
    synchronized (guard) {
      if (isBarred) throw new OsException(Errno.EBADF);
      return call.call();
    }
  }

  /** As {@link #direct}, of a call without an answer. */
  public final void directly(Runnable call) {
    direct(
        () -> {
          call.run();
          return null;
        });
  }

  /** Has no call go past the channel from now on, which is about to be closed, or another's. */
  public final void barDirect() {
    synchronized (guard) {
      isBarred = true;
    }
  }

  /**
   * The channel is to be told, by this, of what was just done past it: as soon as anybody has the
   * turn, before anything else happens to it. Any thread.
   */
  public final void owe(Runnable telling) {
    synchronized (guard) {
      owed.add(telling);
      owes = true;
    }
  }

  @Override
  public final void catchUp() {
    while (owes) {
      Runnable telling;
      synchronized (guard) {
        telling = owed.poll();
        owes = !owed.isEmpty();
      }
      if (telling != null) telling.run();
    }
  }

  /** Has calls go past another channel, which is this socket's now. */
  public final void allowDirect() {
    synchronized (guard) {
      isBarred = false;
    }
  }

  // --- the number and the address family ---

  public final void number(int number) {
    this.number.change(number);
  }

  /** Gives the number away, to the socket that takes the channel over. */
  public final int giveNumber() {
    barDirect();
    return number.end();
  }

  @Override
  public final boolean isClosed() {
    return number.isClosed();
  }

  @Override
  public final void needOpen() {
    if (closesLater) throw new OsException(Errno.EBADF);
    number.needOpen();
  }

  @Override
  public final SocketNumber number() {
    return number;
  }

  @Override
  protected final void descriptorLost() {
    barDirect();
    number.change(kernel().numberAfterLoss(number.get()));
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
  public final Transport transport() {
    return socketLoop().transport();
  }

  // --- calls of the program ---

  @Override
  protected final void entered() {
    uses++;
    catchUp();
  }

  /**
   * Registers the channel with the loop: now, or, while a callback on another thread has the turn,
   * with the first call that has it, or when a pass first asks.
   */
  public final void join(boolean hasTurn) {
    if (hasTurn) {
      gate(registerWith(socketLoop()));
      return;
    }
    gate(new IdleGate(null, () -> {}));
    Channel made = channel();
    owe(() -> rejoin(made));
  }

  /** Registers the channel in the place of another one, with what that was asked for. */
  public final void rejoin(Channel channel) {
    int interest = gate().interest();
    try {
      gate(register(channel, socketLoop()));
    } catch (OsException refused) { // Its own trouble, and not that of whoever has the turn.
      gate(new IdleGate(null, () -> {}));
      refused(refused.errno());
      return;
    }
    if (hangUpsAsked()) gate().tellHangUps();
    gate().ask(interest);
  }

  @Override
  public final int uses() {
    return uses;
  }

  @Override
  public final SocketAddress getsockname() {
    if (!enterUnlessCalling()) return direct(this::ownAddress);
    try {
      return ownAddress();
    } finally {
      exit();
    }
  }

  private SocketAddress ownAddress() {
    needOpen();
    return kernel().localAddress(channel(), family);
  }

  @Override
  public final SocketAddress getpeername() {
    boolean hasTurn = enterUnlessCalling();
    try {
      needOpen();
      SocketAddress address = hasTurn ? peerAddress() : direct(this::peerAddressNow);
      if (address == null) throw new OsException(Errno.ENOTCONN);
      return address;
    } finally {
      if (hasTurn) exit();
    }
  }

  /** As {@link #peerAddress}, past the channel. */
  protected SocketAddress peerAddressNow() {
    return kernel().remoteAddress(channel(), family);
  }

  /** The address of a peer that we are connected with; null if there is none. */
  protected SocketAddress peerAddress() {
    return kernel().remoteAddress(channel(), family);
  }

  @Override
  public final void close() {
    noteCloser();
    if (!enterUnlessCalling()) {
      closeLater();
      return;
    }
    try {
      closeNow();
    } finally {
      exit();
    }
  }

  private void closeNow() {
    if (isClosed()) {
      if (successor != null) successor.close();
      return;
    }
    catchUp();
    kernel().returnNumber(giveNumber());
    known(Readiness.NVAL);
    closeChannel();
  }

  /** Who closes this one closes the other: he has read a dispatcher's socket a moment too early. */
  public final void successor(AsyncSocket taking) {
    successor = taking;
  }

  /**
   * Refuses calls from now on, and is closed when the callback that has the turn is over: to the
   * pass that is under way it is what it was, but for having left its map.
   */
  private void closeLater() {
    barDirect();
    closesLater = true;
    handOver(this::closeNow);
  }

  /** Closes the channel, at once or when its bytes are out. */
  protected abstract void closeChannel();

  @Override
  public String toString() {
    return "socket " + fileno() + " " + Addresses.oneLine(channel());
  }
}
