package org.asyncore.observe;

import java.util.ArrayDeque;
import org.asyncore.Callback;
import org.asyncore.Dispatcher;
import org.asyncore.LoopObserver;
import org.asyncore.OneLine;
import org.asyncore.SocketMap;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.OsException;

/**
 * Writes events for the JDK's flight recorder. What a recording does not enable costs next to
 * nothing; passes and callbacks are off unless it does, by name and with a threshold:
 *
 * <pre>
 * org.asyncore.Transport  what serves a map, and why, before its rest   on
 * org.asyncore.Pass       a pass                                        off
 * org.asyncore.Callback   a callback, by class of dispatcher and kind   off
 * org.asyncore.Accept     an accepted connection, or a failure          on
 * </pre>
 *
 * <p>Safe from any thread, for any number of maps. Needs the module {@code jdk.jfr}.
 */
public final class JfrEvents implements LoopObserver {
  /** What has begun on a thread and not ended, innermost last; callbacks nest through loops. */
  private static final class Begun {
    final ArrayDeque<PassEvent> passes = new ArrayDeque<>();
    final ArrayDeque<SocketMap> maps = new ArrayDeque<>();
    final ArrayDeque<CallbackEvent> callbacks = new ArrayDeque<>();
    final ArrayDeque<Dispatcher> dispatchers = new ArrayDeque<>();
  }

  private final ThreadLocal<Begun> begun = ThreadLocal.withInitial(Begun::new);

  /** Those whose transport is told. */
  private final SeenMaps told = new SeenMaps();

  public JfrEvents() {}

  private void tellTransport(SocketMap map) {
    TransportEvent event = new TransportEvent();
    if (!event.isEnabled() || !told.isNew(map)) return;
    event.name = map.transport().name();
    event.reason = map.transport().reason();
    event.commit();
  }

  @Override
  public void opened(Dispatcher dispatcher) {
    tellTransport(dispatcher.map());
  }

  @Override
  public void passStarted(SocketMap map, int depth) {
    tellTransport(map);
    PassEvent event = new PassEvent();
    if (!event.isEnabled()) return;
    event.depth = depth;
    begun.get().passes.addLast(event);
    begun.get().maps.addLast(map);
    event.begin();
  }

  @Override
  public void waited(SocketMap map, int interested, int ready, long waitNanos) {
    PassEvent event = begun.get().passes.peekLast();
    if (event == null || begun.get().maps.peekLast() != map) return; // Not enabled when it began.
    event.interested = interested;
    event.ready = ready;
    event.waitTime = waitNanos;
  }

  @Override
  public void passEnded(SocketMap map) {
    Begun mine = begun.get();
    if (mine.maps.peekLast() != map) return; // Not enabled when it began.
    mine.maps.removeLast();
    mine.passes.removeLast().commit();
  }

  @Override
  public boolean wantsDurations() {
    return false;
  }

  @Override
  public void callbackStarted(Dispatcher dispatcher, Callback callback) {
    CallbackEvent event = new CallbackEvent();
    if (!event.isEnabled()) return;
    event.dispatcher = dispatcher.getClass();
    event.number = dispatcher.fileno();
    event.callback = callback.name();
    begun.get().callbacks.addLast(event);
    begun.get().dispatchers.addLast(dispatcher);
    event.begin();
  }

  @Override
  public void callbackEnded(Dispatcher dispatcher, Callback callback, long nanos) {
    Begun mine = begun.get();
    if (mine.dispatchers.peekLast() != dispatcher) return; // Not enabled when it began.
    if (!callback.name().equals(mine.callbacks.getLast().callback)) return;
    mine.dispatchers.removeLast();
    mine.callbacks.removeLast().commit();
  }

  @Override
  public void accepted(Dispatcher listener, Accepted connection) {
    AcceptEvent event = new AcceptEvent();
    if (!event.shouldCommit()) return;
    event.listener = listener.getClass();
    event.peer = OneLine.of(String.valueOf(connection.address()));
    event.commit();
  }

  @Override
  public void acceptFailed(Dispatcher listener, OsException error) {
    AcceptEvent event = new AcceptEvent();
    if (!event.shouldCommit()) return;
    event.listener = listener.getClass();
    event.error = error.errno().name();
    event.commit();
  }
}
