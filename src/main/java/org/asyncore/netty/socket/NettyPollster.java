package org.asyncore.netty.socket;

import java.util.Arrays;
import java.util.BitSet;
import org.asyncore.internal.LoopPollster;
import org.asyncore.netty.loop.TurnEventLoop;
import org.asyncore.netty.loop.WorkShare;
import org.asyncore.transport.AsyncFile;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Readiness;

/**
 * A pass's sockets and answers on a {@link SocketLoop}. Confined to the holder of the turn.
 *
 * <p>Sockets stay registered from pass to pass, and their gates keep asking the system. Those that
 * have something on our side {@linkplain #again are asked again} as the next pass begins to wait.
 */
public final class NettyPollster implements LoopPollster, TurnEventLoop.Until {
  /** While bytes are given out that were read ahead, the system is asked once in so many passes. */
  private static final int PASSES_A_LOOK = 4;

  private final SocketLoop loop;
  private Polled[] sockets = new Polled[16];
  private int[] events = new int[16];

  /** The indices whose sockets the next pass asks again, though nobody registers them. */
  private final BitSet again = new BitSet();

  /** Answers by index; 0 for none. */
  private int[] answers = new int[16];

  /**
   * The indices that have an answer, in the order in which they came until {@link #poll} sorts
   * them.
   */
  private int[] ready = new int[16];

  private int readyCount;
  private boolean hangUps;

  /**
   * Whether answers are being gathered: from {@link #begin} until {@link #poll} has frozen them.
   */
  private boolean gathering;

  /** Whether callbacks are under way: from {@link #poll} until {@link #done}. */
  private boolean calling;

  /** Whether this pass is made inside a callback of another one. */
  private boolean outerCalling;

  private boolean lookAgain;

  /** How many posted calls this pass is to make: those that had been posted when it froze. */
  private int postedLeft;

  /** Null before the first of them. */
  private WorkShare postedShare;

  private Alarm alarm = () -> FOREVER;
  private long spinNanos;
  private boolean sendAtOnce;

  /** How many passes have begun. */
  private int passes;

  /** Whether another pass follows at once. */
  private boolean followed;

  public NettyPollster(SocketLoop loop) {
    this.loop = loop;
  }

  @Override
  public boolean begin(boolean hangUps) {
    for (int k = 0; k < readyCount; k++) answers[ready[k]] = 0;
    readyCount = 0;
    lookAgain = false;
    gathering = true;
    outerCalling = loop.eventLoop().isCalling();
    loop.eventLoop().calling(true); // Predicates, from now on.
    passes++;
    boolean stands = loop.eventLoop().begin(this) && this.hangUps == hangUps;
    this.hangUps = hangUps;
    if (!stands) clear();
    return stands;
  }

  @Override
  public void clear() {
    Arrays.fill(sockets, null);
    Arrays.fill(events, 0);
    again.clear();
  }

  @Override
  public void register(int index, AsyncSocket socket, int asked) {
    while (index >= sockets.length) grow();
    events[index] = asked;
    sockets[index] = null;
    if (asked == 0) {
      Polled own = Polled.of(socket);
      if (own != null && own.socketLoop() == loop) own.wanted(false);
      return;
    }
    if (socket != null) {
      sockets[index] = polled(socket instanceof AsyncFile file ? file.polled() : socket);
      if (sockets[index].socketLoop() == loop) sockets[index].asked(this, index);
    }
    again.set(index);
  }

  @Override
  public int interest(int index) {
    return index < events.length ? events[index] : 0;
  }

  /** Asks those sockets that are new, or may have something to tell that the system does not. */
  private void askAgain() {
    for (int index = again.nextSetBit(0); index >= 0; index = again.nextSetBit(index + 1)) {
      again.clear(index);
      if (events[index] == 0) continue;
      Polled socket = sockets[index];
      int known = Readiness.NVAL;
      if (socket != null && !socket.isClosed() && !socket.moveTo(loop)) {
        again.set(index); // In the pass for which its loop wakes this one.
        continue;
      }
      if (socket != null && !socket.isClosed()) { // As it may be by now.
        known = socket.ask(this, index, events[index]);
      } else if (socket != null && socket.isClosedBeside()) {
        again.set(index); // If it is in its map even so, the next pass is told.
        lookAgain = true; // And comes soon.
        continue;
      }
      if (found(index, known)) again.set(index); // Until it has nothing more to tell.
    }
  }

  /** Has the next pass ask a socket again that it may not be told to register. */
  void again(Polled socket, int index) {
    if (index < sockets.length && sockets[index] == socket && events[index] != 0) again.set(index);
  }

  /** What is asked of a socket, which may have been made for another map. */
  private Polled polled(AsyncSocket socket) {
    Polled polled = Polled.of(socket);
    if (polled == null || polled.kernel().getClass() != loop.kernel().getClass()) {
      throw new IllegalArgumentException(
          "a socket of transport "
              + socket.transport().name()
              + " in a map of "
              + loop.transport().name());
    }
    return polled;
  }

  private void grow() {
    int length = sockets.length * 2;
    sockets = Arrays.copyOf(sockets, length);
    events = Arrays.copyOf(events, length);
    answers = Arrays.copyOf(answers, length);
    ready = Arrays.copyOf(ready, length);
  }

  /**
   * Whether this is what the socket was asked for most recently, by the pass that is waiting now.
   */
  boolean asks(Polled socket, int index) {
    return gathering && sockets[index] == socket && events[index] != 0;
  }

  public int passes() {
    return passes;
  }

  /**
   * Whether a socket was asked in this pass whether it can be read, and is to be asked again in one
   * that follows at once.
   */
  boolean keepsReading(Polled socket, int index) {
    return followed
        && index < sockets.length
        && sockets[index] == socket
        && (events[index] & Readiness.IN) != 0;
  }

  boolean isCalling() {
    return calling;
  }

  boolean hangUps() {
    return hangUps;
  }

  /** Asks for one more look before answers are frozen. */
  public void lookAgain() {
    lookAgain = true;
  }

  /** Whether one more look is due; asking forgets it. */
  boolean mustLookAgain() {
    boolean due = lookAgain;
    lookAgain = false;
    return due;
  }

  /**
   * Records an answer: flags of Readiness, of which those that nobody is to be told of are dropped.
   * Says whether any are left.
   */
  public boolean found(int index, int found) {
    int answer = found & Readiness.told(events[index], hangUps);
    if (answer == 0) return false;
    if (answers[index] == 0) ready[readyCount++] = index;
    answers[index] |= answer;
    return true;
  }

  @Override
  public void alarm(Alarm alarm) {
    this.alarm = alarm;
  }

  @Override
  public void busyPoll(long spinNanos) {
    this.spinNanos = spinNanos;
  }

  @Override
  public void sendAtOnce(boolean sendAtOnce) {
    this.sendAtOnce = sendAtOnce;
  }

  boolean sendsAtOnce() {
    return sendAtOnce;
  }

  @Override
  public long spinNanos() {
    return spinNanos;
  }

  @Override
  public long untilNanos() {
    return loop.eventLoop().isWoken() ? 0 : alarm.untilNanos();
  }

  @Override
  public boolean reached() {
    return readyCount > 0 || lookAgain || loop.eventLoop().endsWait() || untilNanos() == 0;
  }

  @Override
  public void followed(boolean isFollowed) {
    followed = isFollowed;
  }

  @Override
  public void poll(long waitNanos) throws InterruptedException {
    loop.eventLoop().calling(false);
    askAgain();
    loop.heldSends().flush(this);
    if (!skipsLook()) loop.eventLoop().runIo(waitNanos, this);
    while (mustLookAgain()) loop.eventLoop().runIo(0, this);
    gathering = false;
    calling = true;
    loop.eventLoop().calling(true);
    postedLeft = loop.eventLoop().postedCount();
    postedShare = null;
    if (readyCount > 1) Arrays.sort(ready, 0, readyCount); // Into map order.
  }

  /** Whether there is enough to do without the system: bytes read ahead, and sends that wait. */
  private boolean skipsLook() {
    return readyCount > 0
        && !loop.heldSends().isEmpty()
        && passes % PASSES_A_LOOK != 0
        && !lookAgain
        && loop.eventLoop().postedCount() == 0;
  }

  @Override
  public Runnable posted() {
    if (postedLeft == 0) return null;
    postedLeft--;
    if (postedShare == null) postedShare = new WorkShare();
    else if (!postedShare.hasMore()) postedLeft = 0; // The rest is for the next pass.
    return loop.eventLoop().takePosted();
  }

  @Override
  public void flush() {
    loop.heldSends().flushNew(this);
  }

  @Override
  public void done() {
    // A pass may end before it has begun to ask.
    if (gathering || calling) loop.eventLoop().calling(outerCalling);
    gathering = false; // Also when a predicate's exception ended the pass before it waited.
    calling = false;
    loop.heldSends().flush(this);
  }

  @Override
  public int readyCount() {
    return readyCount;
  }

  @Override
  public int index(int k) {
    return ready[k];
  }

  @Override
  public int events(int k) {
    return answers[ready[k]];
  }
}
