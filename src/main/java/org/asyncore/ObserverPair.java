package org.asyncore;

import org.asyncore.transport.Accepted;
import org.asyncore.transport.OsException;

/** Tells one observer, then another: {@link LoopObserver#andThen}. Safe where both are. */
record ObserverPair(LoopObserver first, LoopObserver second) implements LoopObserver {
  @Override
  public void passStarted(SocketMap map, int depth) {
    first.passStarted(map, depth);
    second.passStarted(map, depth);
  }

  @Override
  public boolean wantsAsked() {
    return first.wantsAsked() || second.wantsAsked();
  }

  @Override
  public void asked(Dispatcher dispatcher, boolean readable, boolean writable) {
    if (first.wantsAsked()) first.asked(dispatcher, readable, writable);
    if (second.wantsAsked()) second.asked(dispatcher, readable, writable);
  }

  @Override
  public boolean wantsWaits(SocketMap map) {
    return first.wantsWaits(map) || second.wantsWaits(map);
  }

  @Override
  public void waited(SocketMap map, int interested, int ready, long waitNanos) {
    first.waited(map, interested, ready, waitNanos);
    second.waited(map, interested, ready, waitNanos);
  }

  @Override
  public void passEnded(SocketMap map) {
    first.passEnded(map);
    second.passEnded(map);
  }

  @Override
  public void callbackStarted(Dispatcher dispatcher, Callback callback) {
    first.callbackStarted(dispatcher, callback);
    second.callbackStarted(dispatcher, callback);
  }

  @Override
  public boolean wantsDurations() {
    return first.wantsDurations() || second.wantsDurations();
  }

  @Override
  public void callbackEnded(Dispatcher dispatcher, Callback callback, long nanos) {
    first.callbackEnded(dispatcher, callback, nanos);
    second.callbackEnded(dispatcher, callback, nanos);
  }

  @Override
  public void failed(Dispatcher dispatcher, Throwable thrown) {
    first.failed(dispatcher, thrown);
    second.failed(dispatcher, thrown);
  }

  @Override
  public void received(Dispatcher dispatcher, int byteCount, int room) {
    first.received(dispatcher, byteCount, room);
    second.received(dispatcher, byteCount, room);
  }

  @Override
  public void sent(Dispatcher dispatcher, int byteCount, int offered) {
    first.sent(dispatcher, byteCount, offered);
    second.sent(dispatcher, byteCount, offered);
  }

  @Override
  public void accepted(Dispatcher listener, Accepted connection) {
    first.accepted(listener, connection);
    second.accepted(listener, connection);
  }

  @Override
  public void acceptFailed(Dispatcher listener, OsException error) {
    first.acceptFailed(listener, error);
    second.acceptFailed(listener, error);
  }

  @Override
  public void opened(Dispatcher dispatcher) {
    first.opened(dispatcher);
    second.opened(dispatcher);
  }

  @Override
  public void closed(Dispatcher dispatcher) {
    first.closed(dispatcher);
    second.closed(dispatcher);
  }

  @Override
  public void evicted(Dispatcher stale, int number, Dispatcher evicted) {
    first.evicted(stale, number, evicted);
    second.evicted(stale, number, evicted);
  }
}
