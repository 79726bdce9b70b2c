package org.asyncore.observe;

import java.util.Map;
import org.asyncore.Callback;

/**
 * What {@link Counters} had counted at one moment. The figures are read one after the other while
 * the loop goes on: they may be a few events apart.
 *
 * @param passes how many passes have ended
 * @param waitNanos how long they waited for something to happen
 * @param callbacks how many callbacks of each kind have returned; kinds without any have 0
 * @param callbackNanos how long they took
 * @param bytesReceived bytes that {@code recv} gave
 * @param bytesSent bytes that {@code send} took
 * @param bytesQueued bytes that dispatchers keep until their sockets take them: a level, and an
 *     estimate where a dispatcher is busy meanwhile
 * @param accepted connections that {@code accept} gave
 * @param acceptFailures {@code accept}s that failed
 * @param errors exceptions that went to {@code handleError}
 * @param connections open dispatchers that do not listen: a level, as what follows
 * @param listeners open dispatchers that listen
 * @param pausedListeners those that take nobody now, as a limit or a lack of descriptors says
 * @param waitingCommands commands of {@code execute} that no pass has run yet
 * @param dueCalls scheduled calls whose time has come and that no pass has made yet
 * @param lagNanos how long callbacks keep others waiting: the time that the callbacks of the last
 *     pass took, or of the one under way where that is longer; of the slowest loop. A loop in which
 *     a callback is stuck has one that grows and grows
 * @param sincePassNanos how long ago a pass ended, in the loop where that is longest. A loop in
 *     which nothing happens makes one pass a timeout, 30 s unless the program says otherwise
 */
public record Counts(
    long passes,
    long waitNanos,
    Map<Callback, Long> callbacks,
    long callbackNanos,
    long bytesReceived,
    long bytesSent,
    long bytesQueued,
    long accepted,
    long acceptFailures,
    long errors,
    int connections,
    int listeners,
    int pausedListeners,
    int waitingCommands,
    int dueCalls,
    long lagNanos,
    long sincePassNanos) {

  public Counts {
    callbacks = Map.copyOf(callbacks);
  }
}
