package org.asyncore.testkit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.asyncore.transport.Family;
import org.asyncore.transport.Held;
import org.asyncore.transport.Pollster;
import org.asyncore.transport.SocketType;
import org.asyncore.transport.Transport;

/**
 * A transport in memory: its sockets do what a test scripted, and nothing ever waits.
 *
 * <p>A poll that would wait runs the next {@link #whileWaiting} action instead, and writes down in
 * {@link #waits()} how long it was allowed to. Turns are real, so threads may meet here.
 */
public final class ScriptedTransport implements Transport {
  private final ReentrantLock turn = new ReentrantLock(true);
  private final BitSet numbers = new BitSet();
  private ScriptedPollster asking;
  private int nextBeyond = Held.BEYOND_DESCRIPTORS;
  private final Deque<Runnable> events = new ArrayDeque<>();
  private final Deque<ScriptedSocket> prepared = new ArrayDeque<>();
  private final List<Long> waits = new ArrayList<>();

  @Override
  public String name() {
    return "scripted";
  }

  /** The next {@link #prepare}d socket, else a fresh one. */
  @Override
  public ScriptedSocket socket(Family family, SocketType type) {
    return prepared.isEmpty() ? new ScriptedSocket(this, family, type) : prepared.remove();
  }

  /** A socket for the next {@code createSocket} of a dispatcher. */
  public ScriptedSocket prepare() {
    ScriptedSocket socket = new ScriptedSocket(this);
    prepared.add(socket);
    return socket;
  }

  /** What happens during the next poll that finds nothing ready; one action a poll. */
  public ScriptedTransport whileWaiting(Runnable event) {
    events.add(event);
    return this;
  }

  /** The {@code waitNanos} of each poll that found nothing ready at first. */
  public List<Long> waits() {
    return List.copyOf(waits);
  }

  void waited(long waitNanos) throws InterruptedException {
    waits.add(waitNanos);
    if (Thread.interrupted()) throw new InterruptedException("interrupted in a scripted poll");
    if (!events.isEmpty()) events.remove().run();
    else if (waitNanos == Pollster.FOREVER) throw new AssertionError("poll waits for ever");
  }

  @Override
  public Pollster pollster() {
    return new ScriptedPollster(this);
  }

  /** Whether this pollster was the last one that a pass began with; it is from now on. */
  boolean asks(ScriptedPollster pollster) {
    boolean stands = asking == pollster;
    asking = pollster;
    return stands;
  }

  @Override
  public void takeTurn() throws InterruptedException {
    turn.lockInterruptibly();
  }

  @Override
  public void giveTurn() {
    turn.unlock();
  }

  @Override
  public void wakeup() {
    // Nothing ever waits.
  }

  /** Whether the calling thread has the turn. */
  public boolean hasTurn() {
    return turn.isHeldByCurrentThread();
  }

  /** Nothing ever lingers: a scripted send is a sent byte. */
  @Override
  public boolean drain(long waitNanos) {
    return true;
  }

  synchronized int dealNumber() {
    int number = numbers.nextClearBit(0);
    numbers.set(number);
    return number;
  }

  synchronized int dealNumberBeyond() {
    return nextBeyond++;
  }

  synchronized void giveBackNumber(int number) {
    if (number < Held.BEYOND_DESCRIPTORS) numbers.clear(number);
  }
}
