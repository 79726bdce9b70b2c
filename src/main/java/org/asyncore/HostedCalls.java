package org.asyncore;

import java.util.concurrent.Future;
import org.asyncore.transport.AsyncSocket;

/** Calls of a dispatcher that no {@code loop()} serves: its channel's event loop makes them. */
record HostedCalls(AsyncSocket socket) implements CallQueue {
  @Override
  public long nowNanos() {
    return socket.transport().nanoTime(socket);
  }

  @Override
  public void add(ScheduledCall call) {
    long delayNanos = Math.max(0, call.dueNanos - nowNanos());
    call.ticket = socket.transport().schedule(socket, call::isDue, call::run, delayNanos);
  }

  @Override
  public void remove(ScheduledCall call) {
    if (call.ticket instanceof Future<?> future) future.cancel(false);
  }
}
