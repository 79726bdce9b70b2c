package org.asyncore.migrate;

import java.util.Objects;
import org.asyncore.Callback;
import org.asyncore.Callbacks;
import org.asyncore.Dispatcher;
import org.asyncore.netty.NettyTransport;
import org.asyncore.transport.AsyncSocket;

/**
 * An event on its way from a handler to the dispatcher behind it, which gets it as a callback of
 * the next pass.
 */
record UserEvent(Dispatcher dispatcher, AsyncSocket socket, Object event) implements Runnable {
  /** For the holder of the loop's turn. */
  static void post(Dispatcher dispatcher, Object event) {
    AsyncSocket socket = Objects.requireNonNull(dispatcher.socket(), "socket is null");
    NettyTransport transport = (NettyTransport) socket.transport();
    transport.post(new UserEvent(dispatcher, socket, event));
  }

  @Override
  public void run() {
    boolean isThere = dispatcher.socket() == socket && dispatcher.fileno() >= 0;
    if (!isThere || socket.fileno() < 0) return; // It has closed meanwhile, or has another socket.
    tell(dispatcher, event);
    dispatcher.interestChanged(); // As after its other callbacks.
  }

  static void tell(Dispatcher dispatcher, Object event) {
    Callbacks.call(dispatcher, Callback.USER_EVENT, () -> dispatcher.handleUserEvent(event));
  }
}
