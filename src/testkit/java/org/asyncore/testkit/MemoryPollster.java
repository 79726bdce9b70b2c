package org.asyncore.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.asyncore.internal.LoopPollster;
import org.asyncore.transport.AsyncFile;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * Looks at sockets in memory, and answers as select or poll would. A wait moves the network's clock
 * from one thing that is due to the next, if it has one of its own.
 */
final class MemoryPollster implements LoopPollster {
  private record Asked(@Nullable AsyncSocket socket, int interest) {}

  private record Answer(int index, int events) {}

  private final MemoryTransport transport;
  private final MemoryNetwork network;
  private final SortedMap<Integer, Asked> asked = new TreeMap<>();
  private final List<Answer> answers = new ArrayList<>();
  private boolean hangUps;
  private Alarm alarm = () -> FOREVER;

  MemoryPollster(MemoryTransport transport) {
    this.transport = transport;
    network = transport.network();
  }

  @Override
  public boolean begin(boolean hangUps) {
    boolean stands = transport.asks(this);
    this.hangUps = hangUps;
    if (!stands) clear();
    answers.clear();
    return stands;
  }

  @Override
  public void clear() {
    asked.clear();
  }

  @Override
  public void register(int index, @Nullable AsyncSocket socket, int events) {
    if (socket instanceof MemorySocket memory) memory.interest(events);
    if (events == 0) asked.remove(index);
    else asked.put(index, new Asked(ours(socket), events));
  }

  @Override
  public int interest(int index) {
    Asked there = asked.get(index);
    return there == null ? 0 : there.interest;
  }

  private @Nullable AsyncSocket ours(@Nullable AsyncSocket socket) {
    AsyncSocket polled = socket instanceof AsyncFile file ? file.polled() : socket;
    if (polled == null || polled instanceof MemoryPipe.MemoryFile) return polled;
    if (polled instanceof MemorySocket memory && memory.network == network) return polled;
    throw new IllegalArgumentException(
        "a socket of transport "
            + polled.transport().name()
            + " in a map on another one: "
            + transport.name());
  }

  @Override
  public void poll(long waitNanos) throws InterruptedException {
    synchronized (network) {
      if (network.chance().interrupts()) throw new InterruptedException("as the schedule has it");
      long end = network.nanoTime() + waitNanos;
      while (true) {
        network.runDue();
        network.peersAct();
        look();
        if (!answers.isEmpty() || waitNanos == 0) return;
        long untilAlarm = alarm.untilNanos();
        long left = waitNanos == FOREVER ? FOREVER : end - network.nanoTime();
        if (untilAlarm == 0 || left <= 0) return;
        network.pause(Math.min(Math.min(untilAlarm, left), network.untilNextNanos()));
      }
    }
  }

  @Override
  public void alarm(Alarm alarm) {
    this.alarm = alarm;
  }

  /** How long until something is due by itself, of its map or of the network. */
  long untilDueNanos() {
    return Math.min(alarm.untilNanos(), network.untilNextNanos());
  }

  private void look() {
    answers.clear();
    asked.forEach(
        (index, each) -> {
          int events = answer(each);
          if (events != 0) answers.add(new Answer(index, events));
        });
    if (!network.chance().keepsOrder()) shuffle();
  }

  private void shuffle() {
    for (int i = 0; i + 1 < answers.size(); i++) {
      int j = i + network.chance().first(answers.size() - i);
      answers.add(i, answers.remove(j));
    }
  }

  private int answer(Asked asked) {
    return readiness(asked.socket) & Readiness.told(asked.interest, hangUps);
  }

  private static int readiness(@Nullable AsyncSocket socket) {
    if (socket instanceof MemorySocket memory) return memory.readiness();
    return socket instanceof MemoryPipe.MemoryFile file ? file.readiness() : Readiness.NVAL;
  }

  @Override
  public int readyCount() {
    return answers.size();
  }

  @Override
  public int index(int k) {
    return answers.get(k).index;
  }

  @Override
  public int events(int k) {
    return answers.get(k).events;
  }
}
