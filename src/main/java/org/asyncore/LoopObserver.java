package org.asyncore;

import java.util.Objects;
import org.asyncore.transport.Accepted;
import org.asyncore.transport.OsException;

/**
 * Is told what a loop does: passes, callbacks, bytes, connections and errors. {@link
 * SocketMap#observer(LoopObserver)} sets one; {@code org.asyncore.observe} has several made.
 * asyncore has nothing like it; the nearest are asyncio's debug mode, and what a {@code
 * ChannelDuplexHandler} at the end of a Netty pipeline sees.
 *
 * <pre>
 * passStarted
 *   asked            once a dispatcher, for an observer that {@link #wantsAsked}
 *   waited
 *   callbackStarted  once a callback
 *     received, sent, accepted, acceptFailed, opened, closed    as its code goes
 *   callbackEnded
 *   failed           then a callback of its own, {@link Callback#ERROR}
 * passEnded
 * </pre>
 *
 * <p>Every method does nothing unless overridden. All run on the thread that does what they tell
 * of: those of passes and callbacks on the thread inside {@code loop}, or the event loop of a
 * hosted dispatcher, the others also on a thread that calls a dispatcher from outside. An observer
 * of one map is told of passes and callbacks by one thread at a time; one that several maps share
 * is told by several at once.
 *
 * <p>An observer looks on: it closes nothing, and does not block. What it throws changes nothing
 * for those that it watches; see {@link SocketMap#observer(LoopObserver)}.
 */
public interface LoopObserver {
  /**
   * A pass begins: the dispatchers are asked next. A hosted dispatcher has no passes.
   *
   * @param depth 0, or how many passes over this map it runs inside of: a callback of theirs called
   *     {@code loop} or {@code poll}
   */
  default void passStarted(SocketMap map, int depth) {}

  /**
   * Whether {@link #asked} is called, which costs each dispatcher in each pass. Always the same.
   */
  default boolean wantsAsked() {
    return false;
  }

  /** A dispatcher was asked what it is interested in; a hosted one when it has news. */
  default void asked(Dispatcher dispatcher, boolean readable, boolean writable) {}

  /**
   * Whether {@link #waited} is told a duration of the pass under way, for two looks at the clock.
   */
  default boolean wantsWaits(SocketMap map) {
    return true;
  }

  /**
   * The pass has waited, and looked.
   *
   * @param interested how many dispatchers wanted to read or write
   * @param ready how many of them have an event, and are called next
   * @param waitNanos how long it took; 0 if nobody {@link #wantsWaits}
   */
  default void waited(SocketMap map, int interested, int ready, long waitNanos) {}

  /** The pass is over, also if an exception ends it. */
  default void passEnded(SocketMap map) {}

  /** The loop calls a dispatcher. */
  default void callbackStarted(Dispatcher dispatcher, Callback callback) {}

  /**
   * Whether {@link #callbackEnded} is told a duration, for two looks at the clock. Always the same.
   */
  default boolean wantsDurations() {
    return true;
  }

  /**
   * The dispatcher has returned, also by an exception; it may be closed by now.
   *
   * @param nanos how long it took; 0 if nobody {@link #wantsDurations}
   */
  default void callbackEnded(Dispatcher dispatcher, Callback callback, long nanos) {}

  /** A callback threw; {@code handleError} gets it next. */
  default void failed(Dispatcher dispatcher, Throwable thrown) {}

  /**
   * A dispatcher's {@code recv} returned. Calls on its {@code socket()} are not seen.
   *
   * @param byteCount 0 at the end of the stream, or of a connection that broke
   * @param room how many it would have taken
   */
  default void received(Dispatcher dispatcher, int byteCount, int room) {}

  /**
   * A dispatcher's {@code send} to its socket returned. Of a {@link DispatcherWithSend} and an
   * {@code AsyncChat} it is what they offer of their queue.
   *
   * @param byteCount how many bytes were taken, from 0 on
   * @param offered how many there were
   */
  default void sent(Dispatcher dispatcher, int byteCount, int offered) {}

  /** A listener's {@code accept} gave a connection. */
  default void accepted(Dispatcher listener, Accepted connection) {}

  /** A listener's {@code accept} failed; that nothing waits is no failure. */
  default void acceptFailed(Dispatcher listener, OsException error) {}

  /**
   * A dispatcher took a socket. It may be inside its constructor: what its class adds to {@link
   * Dispatcher} is not there yet.
   */
  default void opened(Dispatcher dispatcher) {}

  /** A dispatcher was closed, or its connection handed to native handlers. May come twice. */
  default void closed(Dispatcher dispatcher) {}

  /**
   * A dispatcher has left the map by a number that belongs to another one by now, which is out of
   * the map with that, and called no more: as {@code del_channel} does it. It is a bug of the
   * program, which has closed the socket behind the dispatcher's back, or has kept one that was
   * closed.
   *
   * @param stale who left
   * @param evicted who had the number
   */
  default void evicted(Dispatcher stale, int number, Dispatcher evicted) {}

  /** An observer that tells this one, then another. */
  default LoopObserver andThen(LoopObserver next) {
    Objects.requireNonNull(next, "next is null");
    return new ObserverPair(this, next);
  }
}
