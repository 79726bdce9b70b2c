package org.asyncore.migrate;

import org.asyncore.Dispatcher;
import org.asyncore.LoopExit;
import org.asyncore.netty.NettyTransport;
import org.asyncore.transport.OsException;

/**
 * An event on its way from a handler to the dispatcher behind it, which gets it as a callback of
 * the next pass.
 */
record UserEvent(Dispatcher dispatcher, int number, Object event) implements Runnable {
  /** For the holder of the loop's turn. */
  static void post(Dispatcher dispatcher, Object event) {
    NettyTransport transport = (NettyTransport) dispatcher.socket().transport();
    transport.post(new UserEvent(dispatcher, dispatcher.fileno(), event));
  }

  @Override
  public void run() {
    if (dispatcher.fileno() != number || number < 0) return; // Closed before its turn came.
    tell(dispatcher, event);
  }

  /** Calls back with what it throws going where {@code Asyncore.readwrite} sends it. */
  static void tell(Dispatcher dispatcher, Object event) {
    try {
      dispatcher.handleUserEvent(event);
    } catch (OsException error) {
      if (error.errno().isDisconnected()) dispatcher.handleClose();
      else dispatcher.handleError(error);
    } catch (Throwable thrown) {
      if (LoopExit.leavesLoop(thrown)) throw thrown;
      dispatcher.handleError(thrown);
    }
  }
}
