package org.asyncore.migrate;

import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayDeque;
import java.util.Queue;
import org.asyncore.Asyncore;
import org.asyncore.Callback;
import org.asyncore.Dispatcher;
import org.asyncore.LoopObserver;
import org.asyncore.netty.PipelineSocket;
import org.asyncore.transport.Readiness;

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
final class Dispatch implements PipelineSocket.Driver {
  /** After so many turns of read and write other channels of the loop go first. */
  private static final int ROUNDS = 16;

  private final ChannelHandlerContext context;
  private Dispatcher dispatcher;
  private PipelineSocket socket;

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

  Dispatch(ChannelHandlerContext context) {
    this.context = context;
  }

  /** Before there is a dispatcher: what is told from now on is kept for it. */
  void over(PipelineSocket socket) {
    this.socket = socket;
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
  public void touched() {
    writeDue = true;
    news();
  }

  @Override
  public void due(Runnable call) {
    if (calls == null) calls = new ArrayDeque<>();
    calls.add(call);
    if (socket.isClosed()) callClosed();
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

  void received(Object message) {
    socket.received(message);
    if (socket.isFull()) news(); // Else the end of this read is soon enough.
  }

  void failed(Throwable cause) {
    socket.failed(cause);
    news();
  }

  void connectFailed(Throwable cause) {
    socket.connectFailed(cause);
    news();
  }

  void closedBelow() {
    socket.closedBelow();
    news();
  }

  void writabilityChanged() {
    if (socket.canSend()) touched();
  }

  void userEvent(Object event) {
    if (!socket.learns(event)) addUserEvent(event);
    touched();
  }

  private void addUserEvent(Object event) {
    if (userEvents == null) userEvents = new ArrayDeque<>();
    userEvents.add(event);
  }

  void detach() {
    // A channel that closed lets go of its handlers: what came before is the dispatcher's still.
    if (socket.isClosed() || socket.isGone()) return;
    dispatcher.cancelCalls();
    dispatcher.delChannel();
    socket.detach();
    tellClosed();
  }

  /** Dispatches at once, or once more if a dispatch goes on. */
  void news() {
    readStuck = false;
    again = true;
    if (dispatching || dispatcher == null || socket.isClosed()) return;
    dispatching = true;
    socket.dispatching();
    try {
      dispatch();
    } catch (Throwable thrown) {
      leave(thrown);
    } finally {
      socket.dispatched(readable);
      dispatching = false;
    }
    if (again && !socket.isClosed()) context.executor().execute(this::news);
  }

  // --- dispatching ---

  private void dispatch() {
    for (int round = 0; round < ROUNDS; round++) {
      again = false;
      if (userEvents != null) tellUserEvents();
      if (calls != null) makeCalls();
      if (connectDue && !socket.isClosed()) connect();
      if (connectDue || socket.isClosed()) return;
      int events = events();
      if (events == 0) {
        socket.flush();
        if (again) continue; // There is room again.
        return;
      }
      readwrite(events);
      if (socket.isClosed()) return;
    }
    again = true;
  }

  private int events() {
    readable = dispatcher.readable();
    boolean writable = dispatcher.writable();
    LoopObserver observer = dispatcher.map().observer();
    if (observer != null && observer.wantsAsked()) observer.asked(dispatcher, readable, writable);
    int events = readable && !readStuck && socket.canReceive() ? Readiness.IN : 0;
    if (writable && writeDue && socket.canSend()) events |= Readiness.OUT;
    if (events == 0 && socket.isGone() && !hangUpTold && (readable || writable)) {
      hangUpTold = true;
      return Readiness.HUP;
    }
    return events;
  }

  private void readwrite(int events) {
    int receives = socket.receives();
    int sends = socket.sends();
    if ((events & Readiness.OUT) != 0) writeDue = false;
    Asyncore.readwrite(dispatcher, events);
    boolean hasRead = (events & Readiness.IN) != 0;
    if (hasRead && !again) readStuck = receives == socket.receives();
    if (hasRead || sends != socket.sends()) writeDue = true;
  }

  /** As handleReadEvent and handleWriteEvent do for a dispatcher that called connect itself. */
  private void connect() {
    if (!socket.channel().isActive() && !socket.isGone()) return;
    connectDue = false;
    if (!dispatcher.connected()) {
      OwnCall.call(dispatcher, Callback.CONNECT, dispatcher::handleConnectEvent);
    }
  }

  private void tellUserEvents() {
    for (Object event; !socket.isClosed() && (event = userEvents.poll()) != null; ) {
      UserEvent.tell(dispatcher, event);
    }
  }

  private void makeCalls() {
    for (Runnable call; (call = calls.poll()) != null; ) call.run();
  }

  /** What would leave loop() has no caller here. */
  private void leave(Throwable thrown) {
    dispatcher.cancelCalls();
    dispatcher.map().remove(socket.fileno());
    socket.close();
    tellClosed();
    context.fireExceptionCaught(thrown);
  }

  private void tellClosed() {
    LoopObserver observer = dispatcher.map().observer();
    if (observer != null) observer.closed(dispatcher);
  }
}
