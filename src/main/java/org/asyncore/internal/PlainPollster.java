package org.asyncore.internal;

import java.util.Arrays;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Pollster;
import org.jspecify.annotations.Nullable;

/** The pollster of a {@link PlainTransport}: its waits are cut short where an alarm is to ring. */
final class PlainPollster implements LoopPollster {
  private final Pollster given;
  private int[] interests = new int[16];
  private Alarm alarm = () -> FOREVER;

  PlainPollster(Pollster given) {
    this.given = given;
  }

  @Override
  public boolean begin(boolean hangUps) {
    return given.begin(hangUps);
  }

  @Override
  public void clear() {
    given.clear();
    Arrays.fill(interests, 0);
  }

  @Override
  public void register(int index, @Nullable AsyncSocket socket, int events) {
    if (index >= interests.length) interests = Arrays.copyOf(interests, 2 * index);
    interests[index] = events;
    given.register(index, socket, events);
  }

  @Override
  public int interest(int index) {
    return index < interests.length ? interests[index] : 0;
  }

  @Override
  public void poll(long waitNanos) throws InterruptedException {
    given.poll(Math.min(waitNanos, alarm.untilNanos()));
  }

  @Override
  public void alarm(Alarm alarm) {
    this.alarm = alarm;
  }

  @Override
  public int readyCount() {
    return given.readyCount();
  }

  @Override
  public int index(int k) {
    return given.index(k);
  }

  @Override
  public int events(int k) {
    return given.events(k);
  }
}
