package org.asyncore.migrate;

import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.asyncore.Asyncore;
import org.asyncore.Callback;
import org.asyncore.Callbacks;
import org.asyncore.Dispatcher;
import org.asyncore.LoopObserver;
import org.asyncore.netty.HostedTransport;
import org.asyncore.netty.pipeline.HostedDriver;
import org.asyncore.netty.pipeline.PipelineSocket;
import org.asyncore.transport.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * Drives one hosted dispatcher: what {@code Pass} is to a map, for one channel, after the channel's
 * own events.
 *
 * <pre>
 * read       while readable(), something is there, and callbacks take of it
 * write      while writable(), there is room, and somebody may have left something to send:
 *            after any other callback, after a write that sent, when there is room again
 * hang-up    once, after the last byte
 * </pre>
 *
 * <p>Confined to the executor of the handler's context.
 */
final class HostedDispatch extends HostedDriver {
  /** After so many turns of read and write other channels of the loop go first. */
  private static final int ROUNDS = 16;

  /** How often {@code checkInterest} looks whether an answer has changed. */
  private static final int CHECK_MILLIS = 100;

  private final ChannelHandlerContext context;
  private final PipelineSocket socket = socket();

  /** Null until it is made: what is told before that is kept for it. */
  @SuppressWarnings("NullAway.Init")
  private Dispatcher dispatcher;

  /** Something has come since the last handleRead began. */
  private boolean news;

  /** The last handleRead took nothing of what there was: it is not called again without news. */
  private boolean readStuck;

  /** Something may have been left to send since the last handleWrite. */
  private boolean writeDue = true;

  /** How often the socket had been used when the last dispatch ended: more is somebody else. */
  private int usesSeen;

  private boolean hangUpTold;

  /** The dispatcher does not know yet that it is connected. */
  private boolean connectDue;

  /** What it answered last to whoever asked. */
  private int interest;

  private boolean checking;

  /** What it answered when that was first found to be another thing; below 0 for none. */
  private int suspected = -1;

  /** Null as long as there never were any. */
  private @Nullable Queue<Object> userEvents;

  /** Calls of the dispatcher's whose time has come; null as long as there never were any. */
  private @Nullable Queue<Runnable> calls;

  HostedDispatch(HostedTransport transport, ChannelHandlerContext context) {
    super(transport, transport.foreignLoops(), context);
    this.context = context;
  }

  void host(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
    connectDue = !dispatcher.connected();
    writable(); // It may be connected, and want to write.
  }

  @Nullable Dispatcher dispatcher() {
    return dispatcher;
  }

  // --- news ---

  @Override
  public void changed() {
    news = true;
    readStuck = false;
    super.changed();
  }

  @Override
  public void writable() {
    writeDue = true;
    changed();
  }

  @Override
  public void event(Object event) {
    if (userEvents == null) userEvents = new ArrayDeque<>();
    userEvents.add(event);
    writable();
  }

  @Override
  protected boolean sendsAtOnce() {
    return dispatcher.map().sendAtOnce();
  }

  @Override
  protected void due(Runnable call) {
    if (calls == null) calls = new ArrayDeque<>();
    calls.add(call);
    if (socket.isClosed()) callClosed(calls);
    else writable();
  }

  /** A closed dispatcher may have calls to come, and has no dispatch to make them. */
  private void callClosed(Queue<Runnable> calls) {
    try {
      makeCalls(calls);
    } catch (Throwable thrown) {
      context.fireExceptionCaught(thrown);
    }
  }

  /** The handler has left its pipeline. */
  void removed() {
    // A channel that closed lets go of its handlers: what came before is the dispatcher's still.
    if (socket.isClosed() || socket.isGone()) return;
    if (!context.channel().isOpen()) { // It never was up, as a loop that ends may leave one.
      gone();
      return;
    }
    Callbacks.endCalls(dispatcher);
    dispatcher.delChannel();
    detach();
    tellClosed();
  }

  /** What the factory has made is not to be served. */
  void refuse() {
    detach();
  }

  // --- dispatching ---

  @Override
  protected void dispatch() {
    if (dispatcher == null || socket.isClosed()) return;
    if (usesSeen != socket.uses()) {
      writeDue = true;
      readStuck = false;
    }
    try {
      makeRounds();
    } catch (Throwable thrown) {
      leave(thrown);
    }
    usesSeen = socket.uses();
    if (!checking && dispatcher.map().checkInterest()) checkLater();
  }

  // --- checking that the dispatcher says when it changes its mind ---

  private void checkLater() {
    if (context.executor().isShuttingDown()) return;
    checking = true;
    context.executor().schedule(this::check, CHECK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Once may be too early: another thread changes first, and then tells. */
  private void changedUntold(int now) {
    boolean isSure = suspected == now;
    suspected = now;
    if (!isSure) return;
    Callbacks.changedUntold(dispatcher, interest, now);
    writable(); // From here on the answer counts.
  }

  private void check() {
    checking = false;
    if (socket.isClosed() || !dispatcher.map().checkInterest()) return;
    if (!isRequested() && usesSeen == socket.uses()) {
      int now;
      try {
        now = Callbacks.ask(dispatcher);
      } catch (Throwable thrown) {
        leave(thrown);
        return;
      }
      if (now != interest) changedUntold(now);
    }
    checkLater();
  }

  private void makeRounds() {
    for (int round = 0; round < ROUNDS; round++) {
      takeRequest();
      if (userEvents != null) tellUserEvents(userEvents);
      if (calls != null) makeCalls(calls);
      if (connectDue && !socket.isClosed()) connect();
      if (connectDue || socket.isClosed()) return;
      int events = events();
      if (events != 0) readwrite(events);
      else if (!takeRequest()) return;
      if (socket.isClosed()) return;
    }
    request();
  }

  private int events() {
    interest = Callbacks.ask(dispatcher);
    suspected = -1;
    boolean readable = (interest & Readiness.IN) != 0;
    boolean writable = (interest & Readiness.OUT) != 0;
    wanted(readable);
    int ready = socket.readiness();
    int events = readable && !readStuck ? ready & Readiness.IN : 0;
    if (writable && writeDue) events |= ready & Readiness.OUT;
    if (events == 0 && socket.isGone() && !hangUpTold && (readable || writable)) {
      hangUpTold = true;
      return Readiness.HUP;
    }
    return events;
  }

  private void readwrite(int events) {
    int receives = socket.receives();
    int sends = socket.sends();
    news = false;
    if ((events & Readiness.OUT) != 0) writeDue = false;
    Asyncore.readwrite(dispatcher, events);
    boolean hasRead = (events & Readiness.IN) != 0;
    if (hasRead && !news) readStuck = receives == socket.receives();
    if (hasRead || sends != socket.sends()) writeDue = true;
  }

  /**
   * As handleWriteEvent does for a dispatcher that called connect itself: a pass that finds the
   * connection up has asked writable() before.
   */
  private void connect() {
    if (!socket.isDecided()) return;
    connectDue = false;
    if (dispatcher.connected()) return;
    boolean writable = (Callbacks.ask(dispatcher) & Readiness.OUT) != 0;
    Callbacks.call(dispatcher, Callback.CONNECT, dispatcher::handleConnectEvent);
    boolean hasRoom = (socket.readiness() & Readiness.OUT) != 0;
    if (writable && dispatcher.connected() && !socket.isClosed() && hasRoom) {
      readwrite(Readiness.OUT);
    }
  }

  private void tellUserEvents(Queue<Object> events) {
    for (Object event; !socket.isClosed() && (event = events.poll()) != null; ) {
      UserEvent.tell(dispatcher, event);
    }
  }

  private void makeCalls(Queue<Runnable> calls) {
    for (Runnable call; (call = calls.poll()) != null; ) call.run();
  }

  /** What would leave loop() has no caller here. */
  private void leave(Throwable thrown) {
    Callbacks.endCalls(dispatcher);
    dispatcher.map().remove(socket.fileno());
    socket.close();
    tellClosed();
    context.fireExceptionCaught(thrown);
  }

  private void tellClosed() {
    LoopObserver observer = Callbacks.observer(dispatcher);
    if (observer != null) observer.closed(dispatcher);
  }
}
