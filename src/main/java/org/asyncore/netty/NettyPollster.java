package org.asyncore.netty;

import java.util.Arrays;
import org.asyncore.transport.AsyncFile;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Pollster;
import org.asyncore.transport.Readiness;

/** A pass's sockets and answers on a {@link NettyTransport}. Confined to the holder of the turn. */
final class NettyPollster implements Pollster, TurnEventLoop.Until {
  private final NettyTransport transport;
  private NettySocket[] sockets = new NettySocket[16];
  private int[] events = new int[16];
  private int size;

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
   * Whether answers are being gathered: from {@link #clear} until {@link #poll} has frozen them.
   */
  private boolean gathering;

  /** Whether callbacks are under way: from {@link #poll} until {@link #done}. */
  private boolean calling;

  private boolean lookAgain;
  private Alarm alarm = () -> FOREVER;

  NettyPollster(NettyTransport transport) {
    this.transport = transport;
  }

  @Override
  public void clear(boolean hangUps) {
    for (int k = 0; k < readyCount; k++) answers[ready[k]] = 0;
    readyCount = 0;
    size = 0;
    this.hangUps = hangUps;
    gathering = true;
    lookAgain = false;
  }

  @Override
  public void register(AsyncSocket socket, int asked) {
    int index = size++;
    if (index == sockets.length) grow();
    events[index] = asked;
    if (socket == null) {
      sockets[index] = null;
      found(index, Readiness.NVAL);
      return;
    }
    NettySocket known = own(socket instanceof AsyncFile file ? file.polled() : socket);
    sockets[index] = known;
    known.ask(this, index, asked);
  }

  /** The socket, brought to this loop if it was made for another map. */
  private NettySocket own(AsyncSocket socket) {
    if (socket instanceof NettySocket known
        && known.kernel.getClass() == transport.kernel().getClass()) {
      if (known.transport() != transport) known.moveTo(transport);
      return known;
    }
    throw new IllegalArgumentException(
        "a socket of transport " + socket.transport().name() + " in a map of " + transport.name());
  }

  private void grow() {
    int length = size * 2;
    sockets = Arrays.copyOf(sockets, length);
    events = Arrays.copyOf(events, length);
    answers = Arrays.copyOf(answers, length);
    ready = Arrays.copyOf(ready, length);
  }

  /**
   * Whether this is what the socket was asked for most recently, by the pass that is waiting now.
   */
  boolean asks(NettySocket socket, int index) {
    return gathering && index < size && sockets[index] == socket;
  }

  boolean isCalling() {
    return calling;
  }

  boolean hangUps() {
    return hangUps;
  }

  /** Asks for one more look before answers are frozen. */
  void lookAgain() {
    lookAgain = true;
  }

  /** Whether one more look is due; asking forgets it. */
  boolean mustLookAgain() {
    boolean due = lookAgain;
    lookAgain = false;
    return due;
  }

  /** Records an answer: flags of Readiness, of which the unasked ones are dropped. */
  void found(int index, int found) {
    int answer = found & (events[index] | Readiness.ERR | Readiness.HUP | Readiness.NVAL);
    if (answer == 0) return;
    if (answers[index] == 0) ready[readyCount++] = index;
    answers[index] |= answer;
  }

  @Override
  public void alarm(Alarm alarm) {
    this.alarm = alarm;
  }

  @Override
  public long untilNanos() {
    return alarm.untilNanos();
  }

  @Override
  public boolean reached() {
    return readyCount > 0
        || lookAgain
        || transport.hasPosted()
        || transport.channelsHaveEnded()
        || alarm.untilNanos() == 0;
  }

  @Override
  public void poll(long waitNanos) throws InterruptedException {
    transport.flush();
    transport.loop().runIo(waitNanos, this);
    while (mustLookAgain()) transport.loop().runIo(0, this);
    gathering = false;
    calling = true;
    if (readyCount > 1) Arrays.sort(ready, 0, readyCount); // Into map order.
  }

  @Override
  public Runnable posted() {
    return transport.posted();
  }

  @Override
  public void flush() {
    transport.flush();
  }

  @Override
  public void done() {
    gathering = false; // Also when a predicate's exception ended the pass before it waited.
    calling = false;
    transport.flush();
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
