package org.asyncore.migrate;

import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayDeque;
import java.util.Queue;
import org.asyncore.Asyncore;
import org.asyncore.Callback;
import org.asyncore.Callbacks;
import org.asyncore.Dispatcher;
import org.asyncore.LoopObserver;
import org.asyncore.netty.HostedTransport;
import org.asyncore.netty.PipelineSocket;
import org.asyncore.transport.Readiness;

/**
 * Drives one hosted dispatcher, whose socket it is: what {@code Pass} is to a map, for one channel,
 * after the channel's own events.
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
final class Dispatch extends PipelineSocket {
  /** After so many turns of read and write other channels of the loop go first. */
  private static final int ROUNDS = 16;

  private final ChannelHandlerContext context;

  /** Null until it is made: what is told before that is kept for it. */
  private Dispatcher dispatcher;

  /** The answer to readable() when it was asked last. */
  private boolean readable = true;

  /** The last handleRead took nothing of what there was: it is not called again without news. */
  private boolean readStuck;

  /** Something may have been left to send since the last handleWrite. */
  private boolean writeDue = true;

  private boolean hangUpTold;
  private boolean dispatching;

  /** News came while a dispatch went on. */
  private boolean again;

  /** The dispatcher does not know yet that it is connected. */
  private boolean connectDue;

  /** Null as long as there never were any. */
  private Queue<Object> userEvents;

  /** Calls of the dispatcher's whose time has come; null as long as there never were any. */
  private Queue<Runnable> calls;

  Dispatch(HostedTransport transport, ChannelHandlerContext context) {
    super(transport, context);
    this.context = context;
  }

  void host(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
    connectDue = !dispatcher.connected();
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  // --- news ---

  @Override
  protected void touched() {
    writeDue = true;
    news();
  }

  @Override
  protected void due(Runnable call) {
    if (calls == null) calls = new ArrayDeque<>();
    calls.add(call);
    if (isClosed()) callClosed();
    else touched();
  }

  /** A closed dispatcher may have calls to come, and has no dispatch to make them. */
  private void callClosed() {
    try {
      makeCalls();
    } catch (Throwable thrown) {
      context.fireExceptionCaught(thrown);
    }
  }

  void read(Object message) {
    received(message);
    if (isFull()) news(); // Else the end of this read is soon enough.
  }

  void readFailed(Throwable cause) {
    failed(cause);
    news();
  }

  void connectRefused(Throwable cause) {
    connectFailed(cause);
    news();
  }

  void inactive() {
    closedBelow();
    news();
  }

  void writabilityChanged() {
    if (canSend()) touched();
  }

  void userEvent(Object event) {
    if (!learns(event)) addUserEvent(event);
    touched();
  }

  private void addUserEvent(Object event) {
    if (userEvents == null) userEvents = new ArrayDeque<>();
    userEvents.add(event);
  }

  void removed() {
    // A channel that closed lets go of its handlers: what came before is the dispatcher's still.
    if (isClosed() || isGone()) return;
    dispatcher.cancelCalls();
    dispatcher.delChannel();
    detach();
    tellClosed();
  }

  /** Dispatches at once, or once more if a dispatch goes on. */
  void news() {
    readStuck = false;
    again = true;
    if (dispatching || dispatcher == null || isClosed()) return;
    dispatching = true;
    dispatching();
    try {
      dispatch();
    } catch (Throwable thrown) {
      leave(thrown);
    } finally {
      dispatched(readable);
      dispatching = false;
    }
    if (again && !isClosed()) context.executor().execute(this::news);
  }

  // --- dispatching ---

  private void dispatch() {
    for (int round = 0; round < ROUNDS; round++) {
      again = false;
      if (userEvents != null) tellUserEvents();
      if (calls != null) makeCalls();
      if (connectDue && !isClosed()) connect();
      if (connectDue || isClosed()) return;
      int events = events();
      if (events == 0) {
        flush();
        if (again) continue; // There is room again.
        return;
      }
      readwrite(events);
      if (isClosed()) return;
    }
    again = true;
  }

  private int events() {
    int interest = Callbacks.ask(dispatcher);
    readable = (interest & Readiness.IN) != 0;
    boolean writable = (interest & Readiness.OUT) != 0;
    int events = readable && !readStuck && canReceive() ? Readiness.IN : 0;
    if (writable && writeDue && canSend()) events |= Readiness.OUT;
    if (events == 0 && isGone() && !hangUpTold && (readable || writable)) {
      hangUpTold = true;
      return Readiness.HUP;
    }
    return events;
  }

  private void readwrite(int events) {
    int receives = receives();
    int sends = sends();
    if ((events & Readiness.OUT) != 0) writeDue = false;
    Asyncore.readwrite(dispatcher, events);
    boolean hasRead = (events & Readiness.IN) != 0;
    if (hasRead && !again) readStuck = receives == receives();
    if (hasRead || sends != sends()) writeDue = true;
  }

  /**
   * As handleWriteEvent does for a dispatcher that called connect itself: a pass that finds the
   * connection up has asked writable() before.
   */
  private void connect() {
    if (!channel().isActive() && !isGone()) return;
    connectDue = false;
    if (dispatcher.connected()) return;
    boolean writable = dispatcher.writable();
    Callbacks.call(dispatcher, Callback.CONNECT, dispatcher::handleConnectEvent);
    if (writable && dispatcher.connected() && !isClosed() && canSend()) readwrite(Readiness.OUT);
  }

  private void tellUserEvents() {
    for (Object event; !isClosed() && (event = userEvents.poll()) != null; ) {
      UserEvent.tell(dispatcher, event);
    }
  }

  private void makeCalls() {
    for (Runnable call; (call = calls.poll()) != null; ) call.run();
  }

  /** What would leave loop() has no caller here. */
  private void leave(Throwable thrown) {
    dispatcher.cancelCalls();
    dispatcher.map().remove(fileno());
    close();
    tellClosed();
    context.fireExceptionCaught(thrown);
  }

  private void tellClosed() {
    LoopObserver observer = Callbacks.observer(dispatcher);
    if (observer != null) observer.closed(dispatcher);
  }
}
