package org.asyncore.migrate;

import org.asyncore.Callback;
import org.asyncore.Callbacks;
import org.asyncore.Dispatcher;
import org.asyncore.netty.NettyTransport;

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
    dispatcher.interestChanged(); // As after its other callbacks.
  }

  static void tell(Dispatcher dispatcher, Object event) {
    Callbacks.call(
        dispatcher,
        Callback.USER_EVENT,
        () -> {
          if (event instanceof DispatcherEvent own) own.tell(dispatcher);
          else dispatcher.handleUserEvent(event);
        });
  }
}
