package org.asyncore;

import java.util.concurrent.Future;
import org.asyncore.internal.LoopTransport;
import org.asyncore.transport.AsyncSocket;

/** Calls of a dispatcher that no {@code loop()} serves: its channel's event loop makes them. */
record HostedCalls(AsyncSocket socket) implements CallQueue {
  @Override
  public long nowNanos() {
    return loop().nanoTime(socket);
  }

  @Override
  public void add(ScheduledCall call) {
    long delayNanos = Math.max(0, call.dueNanos - nowNanos());
    call.ticket = loop().schedule(socket, call::isDue, call::run, delayNanos);
  }

  private LoopTransport loop() {
    return LoopTransport.of(socket.transport());
  }

  @Override
  public void remove(ScheduledCall call) {
    if (call.ticket instanceof Future<?> future) future.cancel(false);
  }
}
