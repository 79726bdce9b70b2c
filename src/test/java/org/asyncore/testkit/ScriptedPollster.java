package org.asyncore.testkit;

import java.util.ArrayList;
import java.util.List;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Pollster;
import org.asyncore.transport.Readiness;

/** Looks at scripted sockets once, and answers as select or poll would. */
final class ScriptedPollster implements Pollster {
  private record Asked(ScriptedSocket socket, int interest) {}

  private record Answer(int index, int events) {}

  private final ScriptedTransport transport;
  private final List<Asked> asked = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private boolean hangUps;
  private Alarm alarm = () -> FOREVER;

  ScriptedPollster(ScriptedTransport transport) {
    this.transport = transport;
  }

  @Override
  public void clear(boolean hangUps) {
    this.hangUps = hangUps;
    asked.clear();
    answers.clear();
  }

  @Override
  public void register(AsyncSocket socket, int events) {
    asked.add(new Asked((ScriptedSocket) socket, events));
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
    for (int i = 0; i < asked.size(); i++) {
      int events = answer(asked.get(i));
      if (events != 0) answers.add(new Answer(i, events));
    }
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
