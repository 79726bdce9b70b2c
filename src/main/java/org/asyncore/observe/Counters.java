package org.asyncore.observe;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.asyncore.AcceptPolicy;
import org.asyncore.Callback;
import org.asyncore.Dispatcher;
import org.asyncore.LoopObserver;
import org.asyncore.SocketMap;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.OsException;

/**
 * Counts what loops do. Set it as the observer of one map or of several; of hosted dispatchers,
 * where each may have a map of its own, in the factory that makes them.
 *
 * <p>Safe from any thread. Counts from when it is set: a map's dispatchers that were there before
 * count from then on.
 */
public final class Counters implements LoopObserver {
  private final LongAdder passes = new LongAdder();
  private final LongAdder waitNanos = new LongAdder();

  /** One for each kind. */
  private final Map<Callback, LongAdder> callbacks = new EnumMap<>(Callback.class);

  private final LongAdder callbackNanos = new LongAdder();
  private final LongAdder bytesReceived = new LongAdder();
  private final LongAdder bytesSent = new LongAdder();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder acceptFailures = new LongAdder();
  private final LongAdder errors = new LongAdder();

  /** Whose dispatchers are looked at when somebody asks. */
  private final SeenMaps maps = new SeenMaps();

  public Counters() {
    for (Callback callback : Callback.values()) callbacks.put(callback, new LongAdder());
  }

  /** The figures of this moment. From any thread. */
  public Counts counts() {
    Map<Callback, Long> byKind = new EnumMap<>(Callback.class);
    callbacks.forEach((callback, count) -> byKind.put(callback, count.sum()));
    int connections = 0;
    int listeners = 0;
    int paused = 0;
    long queuedBytes = 0;
    for (Dispatcher dispatcher : maps.dispatchers()) {
      queuedBytes += dispatcher.queuedBytes();
      if (dispatcher.accepting()) listeners++;
      else if (dispatcher.socket() != null) connections++;
      AcceptPolicy policy = dispatcher.acceptPolicy();
      if (policy != null && !policy.accepts()) paused++;
    }
    return new Counts(
        passes.sum(),
        waitNanos.sum(),
        byKind,
        callbackNanos.sum(),
        bytesReceived.sum(),
        bytesSent.sum(),
        queuedBytes,
        accepted.sum(),
        acceptFailures.sum(),
        errors.sum(),
        connections,
        listeners,
        paused,
        maps.waitingCommands(),
        maps.dueCalls(),
        maps.most(Pulse::lagNanos),
        maps.most(Pulse::sincePassNanos));
  }

  /**
   * What serves the maps that are counted, and why: {@code epoll: epoll is available}, each once.
   * From any thread.
   */
  public List<String> transports() {
    return maps.transports();
  }

  @Override
  public void passStarted(SocketMap map, int depth) {
    maps.seen(map);
  }

  @Override
  public void waited(SocketMap map, int interested, int ready, long nanos) {
    waitNanos.add(nanos);
    maps.seen(map).waited();
  }

  @Override
  public void passEnded(SocketMap map) {
    passes.increment();
    maps.seen(map).passEnded();
  }

  @Override
  public void callbackEnded(Dispatcher dispatcher, Callback callback, long nanos) {
    Objects.requireNonNull(callbacks.get(callback), "callback is null").increment();
    callbackNanos.add(nanos);
  }

  @Override
  public void failed(Dispatcher dispatcher, Throwable thrown) {
    errors.increment();
  }

  @Override
  public void received(Dispatcher dispatcher, int byteCount, int room) {
    bytesReceived.add(byteCount);
  }

  @Override
  public void sent(Dispatcher dispatcher, int byteCount, int offered) {
    bytesSent.add(byteCount);
  }

  @Override
  public void accepted(Dispatcher listener, Accepted connection) {
    accepted.increment();
  }

  @Override
  public void acceptFailed(Dispatcher listener, OsException error) {
    acceptFailures.increment();
  }

  @Override
  public void opened(Dispatcher dispatcher) {
    maps.seen(dispatcher.map());
  }
}
