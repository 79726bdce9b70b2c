package org.asyncore.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Pollster;
import org.asyncore.transport.Readiness;

/** Looks at scripted sockets once, and answers as select or poll would. */
final class ScriptedPollster implements Pollster {
  private record Asked(ScriptedSocket socket, int interest) {}

  private record Answer(int index, int events) {}

  private final ScriptedTransport transport;
  private final SortedMap<Integer, Asked> asked = new TreeMap<>();
  private final List<Answer> answers = new ArrayList<>();
  private boolean hangUps;
  private Alarm alarm = () -> FOREVER;

  ScriptedPollster(ScriptedTransport transport) {
    this.transport = transport;
  }

  @Override
  public boolean begin(boolean hangUps) {
    boolean stands = transport.asks(this) && this.hangUps == hangUps;
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
  public void register(int index, AsyncSocket socket, int events) {
    if (events == 0) asked.remove(index);
    else asked.put(index, new Asked((ScriptedSocket) socket, events));
  }

  @Override
  public void poll(long waitNanos) throws InterruptedException {
    look();
    if (!answers.isEmpty()) return;
    long untilNanos = alarm.untilNanos();
    if (untilNanos == 0) return;
    transport.waited(Math.min(waitNanos, untilNanos));
    look();
  }

  @Override
  public void alarm(Alarm alarm) {
    this.alarm = alarm;
  }

  private void look() {
    asked.forEach(
        (index, each) -> {
          int events = answer(each);
          if (events != 0) answers.add(new Answer(index, events));
        });
  }

  private int answer(Asked asked) {
    int found = asked.socket == null ? Readiness.NVAL : asked.socket.readiness();
    int always = Readiness.ERR | Readiness.HUP | Readiness.NVAL;
    if (hangUps) return found & (asked.interest | always);
    if ((found & (Readiness.HUP | Readiness.ERR)) != 0) found |= Readiness.IN; // As select's sets.
    if ((found & Readiness.ERR) != 0) found |= Readiness.OUT;
    return found & (asked.interest | Readiness.NVAL);
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

  @Override
  public void flush() {
    // What is sent is recorded at once.
  }

  @Override
  public void done() {
    // As flush.
  }
}
