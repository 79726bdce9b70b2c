package org.asyncore.examples.cookbook;

import java.time.Duration;
import java.util.List;
import org.asyncore.Asyncore;
import org.asyncore.Dispatcher;
import org.asyncore.SocketMap;
import org.asyncore.transport.Pollster;
import org.asyncore.transport.Readiness;

/**
 * A program's own poller, which walks {@code socket_map} and calls the dispatchers itself, as
 * supervisor's does. What it does not do is what {@code loop()} does beside sockets: commands of
 * {@code execute}, scheduled calls, and so what water marks and {@code whenSent} are to call,
 * {@code stop}. Confined to one thread.
 */
public final class OwnPoller {
  private final SocketMap map;

  public OwnPoller(SocketMap map) {
    this.map = map;
  }

  /**
   * Asks all, waits, and calls those that are ready: one turn of supervisor's {@code runforever}.
   *
   * @param timeout how long it waits at most
   */
  public void once(Duration timeout) throws InterruptedException {
    Asyncore.ownPass(map, poller -> once(poller, timeout));
  }

  private void once(Pollster poller, Duration timeout) throws InterruptedException {
    List<Dispatcher> asked = map.values();
    poller.begin(false);
    for (int i = 0; i < asked.size(); i++) {
      poller.register(i, asked.get(i).socket(), interest(asked.get(i)));
    }
    poller.poll(timeout.toNanos());
    for (int k = 0; k < poller.readyCount(); k++) {
      call(asked.get(poller.index(k)), poller.events(k));
    }
  }

  private static int interest(Dispatcher dispatcher) {
    int interest = dispatcher.readable() ? Readiness.IN : 0;
    return dispatcher.writable() && !dispatcher.accepting() ? interest | Readiness.OUT : interest;
  }

  /** As {@code asyncore.read} and {@code write}, which take what a callback throws. */
  private void call(Dispatcher dispatcher, int events) {
    int reading = Readiness.IN | Readiness.HUP | Readiness.ERR;
    if ((events & reading) != 0 && isThere(dispatcher)) Asyncore.read(dispatcher);
    if ((events & Readiness.OUT) != 0 && isThere(dispatcher)) Asyncore.write(dispatcher);
  }

  /** An earlier call may have closed it. */
  private boolean isThere(Dispatcher dispatcher) {
    return map.get(dispatcher.fileno()) == dispatcher;
  }
}
