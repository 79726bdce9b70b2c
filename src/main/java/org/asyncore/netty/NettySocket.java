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

  // --- asking, for NettyPollster ---

  /** Is registered, and asked as the pass begins to wait. */
  final void asked(NettyPollster pollster, int index) {
    this.pollster = pollster;
    this.index = index;
  }

  /** Has the system asked, and says what is known without. */
  final int ask(NettyPollster pollster, int index, int events) {
    asked(pollster, index);
    if (pollster.hangUps()) gate.tellHangUps();
    gate.ask(events);
    wanted((events & Readiness.IN) != 0);
    return known;
  }

  /** Whether a pass wants to read, from now on. */
  void wanted(boolean wanted) {
    // Bytes stay in the kernel anyway.
  }

  @Override
  public final void found(int events) {
    if (pollster != null) told = toldNow() | events;
    int answer = digest(events);
    if (pollster != null && pollster.asks(this, index)) {
      boolean isTold = pollster.found(index, answer);
      gate.muteUnasked(!isTold && (events & (Readiness.HUP | Readiness.ERR)) != 0);
      return;
    }
    gate.ask(0); // Not in the pass that waits now: left its map, or is not interested.
    askAgain();
  }

  /** Has the next pass ask again, because something is not as it was when this one did. */
  private void askAgain() {
    if (pollster != null) pollster.again(this, index);
  }

  /** Has another gate, which nobody has asked yet. */
  final void gate(Gate gate) {
    this.gate = gate;
    askAgain();
  }

  final int known() {
    return known;
  }

  final void known(int known) {
    if (this.known == known) return;
    this.known = known;
    askAgain();
  }

  /** Does what must not wait for asyncore's order, and says what is left to tell. */
  abstract int digest(int events);

  /**
   * Whether what is sent now may wait for the end of this dispatcher's callbacks: a pass is
   * calling, and when it froze its answers the connection was sound in both directions. Otherwise a
   * send must find out at once, as in asyncore, that the connection is broken.
   */
  final boolean mayBatch() {
    return pollster != null
        && pollster.isCalling()
        && !pollster.sendsAtOnce()
        && !kernel.hidesHangUps()
        && (gate.interest() & Readiness.IN) != 0
        && (toldNow() & (Readiness.HUP | Readiness.ERR | Gate.PEER_ENDED)) == 0;
  }

  /** The number of the pass that {@link #mayBatch} was asked in. */
  final int pass() {
    return pollster.passes();
  }

  private int toldNow() {
    if (toldIn != pollster.passes()) told = 0;
    toldIn = pollster.passes();
    return told;
  }

  /** Whether a loop reads this socket in each of its passes, of which this is one. */
  final boolean isReadBy(NettyPollster pass) {
    return pass != null && pass == pollster && pass.keepsReading(this, index);
  }

  /**
   * Whether bytes may be received that are not asked for yet: the connection is sound, nothing of
   * it is urgent, and a loop is reading it.
   */
  final boolean mayReadAhead() {
    return mayBatch() && (toldNow() & Readiness.PRI) == 0 && isReadBy(pollster);
  }

  /** Whether something urgent has come. */
  final boolean isUrgent() {
    return (toldNow() & Readiness.PRI) != 0;
  }

  /** Whether what was sent may wait for the pass that follows this one. */
  boolean holdsBack(NettyPollster pass) {
    return false;
  }

  /** Whether a pass is calling dispatchers, which flushes what they send. */
  final boolean isCalledBack() {
    return pollster != null && pollster.isCalling();
  }

  /** Has a registration of its own, at first or after {@link #moveTo}. */
  void registered() {
    // The gate holds events back.
  }

  /** Hands what was sent to the kernel, as far as it has room. */
  abstract void flush();

  /**
   * Has what was sent leave though the callback that sent it goes on. From another thread, while
   * somebody has the turn.
   */
  void flushOverdue() {
    // Behind handlers only the holder of the turn can.
  }

  /** Has a pass look again at once, because something was learnt that changes what to ask. */
  final void lookAgain() {
    if (pollster == null) return;
    pollster.lookAgain();
    askAgain();
  }

  final boolean hangUpsAsked() {
    return pollster != null && pollster.hangUps();
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
