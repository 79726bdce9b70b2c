package org.asyncore.netty.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import org.asyncore.netty.kernel.ErrnoMapping;
import org.asyncore.netty.kernel.Kernel;
import org.asyncore.netty.loop.Gate;
import org.asyncore.netty.loop.GatedIoHandler;
import org.asyncore.netty.loop.IdleGate;
import org.asyncore.netty.loop.TurnEventLoop;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Errno;
import org.asyncore.transport.OsException;
import org.asyncore.transport.Readiness;

/**
 * The part of a socket that its loop knows: what a pass asks of it and is told, the gate in front
 * of its channel, and its way from the loop of one map to that of another.
 *
 * <p>For the holder of the loop's turn, which {@link #enter} takes, on any thread.
 */
public abstract class Polled implements Gate.Owner, SocketLoop.Unsent {
  /** Changes only in {@link #moveTo}. */
  private volatile SocketLoop loop;

  private final Kernel kernel;

  private Gate gate;

  /**
   * Readiness that the system does not tell, because the bytes or the error are on our side
   * already.
   */
  private int known;

  /** Who asked last, and under which index. */
  private NettyPollster pollster;

  private int index;

  /** Who has closed it, until a pass has found that; null while it is open. */
  private volatile Thread closer;

  /** What the system has said in the pass that {@link #toldIn} counts. */
  private int told;

  private int toldIn;

  public Polled(SocketLoop loop) {
    this.loop = loop;
    kernel = loop.kernel();
  }

  /** The part of a socket that a loop knows; null for one that no loop of ours can serve. */
  public static Polled of(AsyncSocket socket) {
    if (socket instanceof Polled polled) return polled;
    return socket instanceof Looped looped ? looped.polled() : null;
  }

  /** A socket that a loop may serve by way of something else. */
  public interface Looped {
    /** What the loop knows of it; null if no loop of ours serves it. */
    Polled polled();
  }

  // --- asking, for NettyPollster ---

  /** Is registered, and asked as the pass begins to wait. */
  final void asked(NettyPollster pollster, int index) {
    this.pollster = pollster;
    this.index = index;
  }

  /** Has the system asked, and says what is known without. */
  public final int ask(NettyPollster pollster, int index, int events) {
    asked(pollster, index);
    catchUp();
    if (pollster.hangUps()) gate.tellHangUps();
    gate.ask(events);
    wanted((events & Readiness.IN) != 0);
    return known;
  }

  /** Whether a pass wants to read, from now on. */
  protected void wanted(boolean wanted) {
    // Bytes stay in the kernel anyway.
  }

  @Override
  public final void found(int events) {
    catchUp();
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
  public final void gate(Gate gate) {
    this.gate = gate;
    askAgain();
  }

  /** The gate in front of the channel, at any time. */
  public final Gate gate() {
    return gate;
  }

  public final Kernel kernel() {
    return kernel;
  }

  public final int known() {
    return known;
  }

  public final void known(int known) {
    if (this.known == known) return;
    this.known = known;
    askAgain();
  }

  /** Does what must not wait for asyncore's order, and says what is left to tell. */
  protected abstract int digest(int events);

  /**
   * Whether what is sent now may wait for the end of this dispatcher's callbacks: a pass is
   * calling, and when it froze its answers the connection was sound in both directions. Otherwise a
   * send must find out at once, as in asyncore, that the connection is broken.
   */
  public final boolean mayBatch() {
    return pollster != null
        && pollster.isCalling()
        && !pollster.sendsAtOnce()
        && !kernel.hidesHangUps()
        && (gate.interest() & Readiness.IN) != 0
        && (toldNow() & (Readiness.HUP | Readiness.ERR | Gate.PEER_ENDED)) == 0;
  }

  /** The number of the pass that {@link #mayBatch} was asked in. */
  public final int pass() {
    return pollster.passes();
  }

  private int toldNow() {
    if (toldIn != pollster.passes()) told = 0;
    toldIn = pollster.passes();
    return told;
  }

  /** Whether a loop reads this socket in each of its passes, of which this is one. */
  public final boolean isReadBy(NettyPollster pass) {
    return pass != null && pass == pollster && pass.keepsReading(this, index);
  }

  /** Whether this pass has found something to read, or the end. */
  public final boolean hasInput() {
    int input = Readiness.IN | Readiness.PRI | Readiness.HUP | Readiness.ERR;
    return pollster != null && (toldNow() & input) != 0;
  }

  /** Whether this pass wants to write, and has found no room. */
  public final boolean lacksRoom() {
    boolean isAsked = pollster != null && (gate.interest() & Readiness.OUT) != 0;
    return isAsked && (toldNow() & Readiness.OUT) == 0;
  }

  /** Whether a pass is calling dispatchers, which flushes what they send, and may. */
  public final boolean maySendLater() {
    return pollster != null && pollster.isCalling() && !pollster.sendsAtOnce();
  }

  /** Has a registration of its own, at first or after {@link #moveTo}. */
  protected void registered() {
    // The gate holds events back.
  }

  /** The thread that is here closes it. */
  public final void noteCloser() {
    if (closer == null) closer = Thread.currentThread();
  }

  /**
   * Whether another thread has closed it, as the first pass to ask finds: to that pass the other
   * thread's call comes before it or after it.
   */
  final boolean isClosedBeside() {
    if (closer == null || closer == Thread.currentThread()) return false;
    closer = null;
    return true;
  }

  /** Has a pass look again at once, because something was learnt that changes what to ask. */
  public final void lookAgain() {
    if (pollster == null) return;
    pollster.lookAgain();
    askAgain();
  }

  public final boolean hangUpsAsked() {
    return pollster != null && pollster.hangUps();
  }

  // --- the socket it is a part of ---

  /** Whether its owner has closed it. */
  @Override
  public abstract boolean isClosed();

  @Override
  public void cutOff() {
    // Only streams have bytes left when they are closed.
  }

  /** The Netty channel below, for what only Netty has a name for. */
  public abstract Channel channel();

  /** Whether the channel is closed, by whomever: no loop can serve it any more. */
  public boolean isGone() {
    return !channel().isOpen();
  }

  /** The descriptor is about to be the system's again: takes a number that no descriptor has. */
  protected abstract void descriptorLost();

  /** The loop that it has come to does not take its channel, which is closed. */
  protected abstract void refused(Errno why);

  /** The map's loop, which changes with the map. */
  public final SocketLoop socketLoop() {
    return loop;
  }

  /**
   * Somebody ends the registration, and not we: the channel is about to be closed below an open
   * socket. From then on the system may give its descriptor to others.
   */
  @Override
  public final void registrationEnds() {
    if (!isClosed()) descriptorLost();
  }

  // --- the turn ---

  /**
   * Takes the turn for a call of the program that only its holder can make.
   *
   * @throws IllegalStateException if a callback of the program has it on another thread
   */
  public final void enter(String call) {
    for (; ; ) {
      TurnEventLoop eventLoop = loop.eventLoop();
      eventLoop.enterOrRefuse(call);
      if (eventLoop == loop.eventLoop()) break;
      eventLoop.exit(); // Moved to another loop meanwhile.
    }
    entered();
  }

  /** As {@link #enter}; but at once false if a callback of the program has the turn. */
  public final boolean enterUnlessCalling() {
    for (; ; ) {
      TurnEventLoop eventLoop = loop.eventLoop();
      if (!eventLoop.enterUnlessCalling()) return false;
      if (eventLoop == loop.eventLoop()) break;
      eventLoop.exit(); // As above.
    }
    entered();
    return true;
  }

  /** Has a call of the program made when the callback that has the turn is over. */
  public final boolean handOver(Runnable call) {
    TurnEventLoop eventLoop = loop.eventLoop();
    eventLoop.execute(
        () -> {
          if (eventLoop == loop.eventLoop()) call.run();
          else handOver(call); // Moved to another loop meanwhile.
        });
    return true;
  }

  /** A call of the program has the turn. */
  protected void entered() {
    catchUp();
  }

  /**
   * Tells the channel what was done past it, by threads without the turn: before anything else
   * happens to it.
   */
  protected void catchUp() {
    // Of most kinds nothing is done that concerns it.
  }

  public final void exit() {
    loop.eventLoop().exit();
  }

  // --- from loop to loop ---

  /**
   * Brings the socket to the loop of another map, which has begun to ask for it. For the holder of
   * that loop's turn. One that no loop can serve any more comes along as it is, to tell that.
   *
   * @return whether it is there, or closed; false if a callback runs on the loop that it is to
   *     leave: when that is over, the other one is woken to ask again
   */
  final boolean moveTo(SocketLoop target) {
    SocketLoop source = loop;
    if (source == target) return true;
    while (!source.eventLoop().tryEnter()) {
      if (source.eventLoop().isCalling()) {
        source.eventLoop().execute(() -> target.eventLoop().wakePass());
        return false;
      }
      target.eventLoop().stepAside(); // Else two loops might wait for each other.
    }
    try {
      if (!isClosed()) move(source, target);
      return true;
    } finally {
      source.eventLoop().exit();
    }
  }

  /** As {@link #moveTo}, unless anybody has to be waited for. */
  public final void moveIfFree(SocketLoop target) {
    SocketLoop source = loop;
    if (source == target || source.eventLoop().isCalling() || !source.eventLoop().enterIfFree())
      return;
    try {
      if (!isClosed()) move(source, target);
    } finally {
      source.eventLoop().exit();
    }
  }

  private void move(SocketLoop source, SocketLoop target) {
    catchUp();
    source.heldSends().flushAll(); // Out of the buffers of the loop that it leaves.
    boolean flushing = gate.flushing();
    if (flushing) source.backlogged(this, false);
    leave(source);
    askAgain(); // A pass over the map that it leaves brings it back.
    loop = target;
    boolean arrived = arrive(target);
    registered();
    if (!flushing || !arrived) return;
    target.backlogged(this, true);
    gate.flushing(true);
    channel().flush();
  }

  private void leave(SocketLoop source) {
    gate.owner(null); // Its registration ends here, and nothing else.
    if (isGone()) return;
    source.eventLoop().settle(this::deregister);
    kernel.letGoOfClosed(source.eventLoop()); // Nobody may loop there any more.
  }

  private boolean arrive(SocketLoop target) {
    if (isGone()) {
      gate = new IdleGate(null, () -> {});
      return false;
    }
    try {
      gate = registerWith(target);
      return true;
    } catch (OsException refused) { // Its own trouble, and not that of the pass that asks for it.
      gate = new IdleGate(null, () -> {});
      refused(refused.errno());
      return false;
    }
  }

  /** Leaves the loop; not for what {@code close} does. */
  protected void deregister() {
    if (channel().isRegistered()) channel().deregister();
  }

  /** Registers with a loop, whose turn is ours, its events held back for this socket. */
  protected Gate registerWith(SocketLoop target) {
    return register(channel(), target);
  }

  public final Gate register(Channel channel, SocketLoop target) {
    GatedIoHandler handler = target.eventLoop().handler();
    handler.registerNextFor(this);
    ChannelPromise registered = channel.newPromise();
    channel.unsafe().register(target.eventLoop(), registered);
    if (!registered.isSuccess()) {
      registrationEnds(); // It never began.
      channel.unsafe().closeForcibly();
      throw ErrnoMapping.osException(registered.cause());
    }
    return handler.gateOf(channel);
  }
}
