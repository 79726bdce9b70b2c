package org.asyncore;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a program wants to be told of a dispatcher's queue: its water marks, and when all has left.
 *
 * <pre>
 * state     event                          call               next
 * LOW       more than high are queued      handleHighWater    HIGH       (at once, inside the push)
 * HIGH      at most low are left           none               FALLING    (a call is scheduled)
 * FALLING   more than high again           none               HIGH       (nobody was told)
 * FALLING   the scheduled call             handleLowWater     LOW
 * any       close()                        none               LOW
 * </pre>
 *
 * <p>What is told of a queue that becomes shorter is told by a later pass, never inside of a call:
 * a program that queues more in it would else come back here, one frame deeper each time. Confined
 * to the dispatcher's thread.
 */
final class QueueWatch {
  private enum State {
    LOW,
    HIGH,
    FALLING
  }

  private final Dispatcher dispatcher;

  /** Apart from the program's: its {@code cancelCalls()} does not take these away. */
  private final BoundCalls calls;

  private long low;
  private long high = Long.MAX_VALUE;
  private State state = State.LOW;
  private List<Runnable> whenSent = new ArrayList<>();

  QueueWatch(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
    calls = new BoundCalls(dispatcher);
  }

  void marks(long low, long high) {
    this.low = low;
    this.high = high;
    look();
  }

  void whenSent(Runnable call) {
    whenSent.add(call);
    look();
  }

  /** The queue may have another length. */
  void look() {
    long queued = dispatcher.queuedBytes();
    if (state != State.HIGH && queued > high) rise();
    else if (state == State.HIGH && queued <= low) fall();
    if (!whenSent.isEmpty() && !dispatcher.hasQueued()) allSent();
  }

  private void rise() {
    boolean isNews = state == State.LOW;
    state = State.HIGH;
    if (isNews) dispatcher.handleHighWater();
  }

  private void fall() {
    state = State.FALLING;
    soon(
        () -> {
          if (state != State.FALLING) return;
          state = State.LOW;
          dispatcher.handleLowWater();
        });
  }

  private void allSent() {
    List<Runnable> toCall = whenSent;
    whenSent = new ArrayList<>();
    for (Runnable call : toCall) soon(call);
  }

  private void soon(Runnable call) {
    dispatcher.callLater(Duration.ZERO, call, calls);
  }

  /** The dispatcher has closed, or given its connection away. */
  void closed() {
    calls.cancelAll();
    state = State.LOW;
    whenSent.clear();
  }
}
