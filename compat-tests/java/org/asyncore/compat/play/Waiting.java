package org.asyncore.compat.play;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.asyncore.Asyncore;
import org.asyncore.SocketMap;
import org.asyncore.transport.Transport;

/**
 * Everything that is waited for is waited for here: {@code settle}, and peers.
 *
 * <p>While a peer waits, the transports may do input and output; a pass over no socket at all calls
 * no channel. In {@code settle} not even that happens: a program that does not loop gets no help.
 */
final class Waiting {
  private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Thread player = Thread.currentThread();
  private final Set<Transport> transports = new LinkedHashSet<>();

  /** Something that may not be there yet. */
  interface Attempt<T> {
    /** The thing, or null if it is not there. */
    T now() throws IOException;
  }

  /** This transport may flush while a peer waits. */
  void flushes(Transport transport) {
    transports.add(transport);
  }

  Collection<Transport> transports() {
    return transports;
  }

  /** Lets the system deliver what was sent; calls nothing. */
  void settle() {
    Grounds.OF_PROCESS.settle();
  }

  static void sound() throws IOException {
    Sounding.PROCESS.send();
    long end = System.nanoTime() + DEADLINE_NANOS;
    while (Sounding.PROCESS.come() == null) {
      if (System.nanoTime() > end) throw new IOException("no datagram came over loopback in 5 s");
      park(LOOK_NANOS);
    }
  }

  /** The thing as soon as it is there; null if it is not within five seconds. */
  <T> T until(Attempt<T> attempt) throws IOException, InterruptedException {
    return until(attempt, DEADLINE_NANOS);
  }

  <T> T until(Attempt<T> attempt, long waitNanos) throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (true) {
      T thing = attempt.now();
      if (thing != null || System.nanoTime() - start > waitNanos) return thing;
      if (Thread.currentThread() == player) flush();
      park(LOOK_NANOS);
    }
  }

  /** Lets the transports send what they have accepted. */
  void flush() throws InterruptedException {
    for (Transport transport : transports) {
      Asyncore.ownPass(
          new SocketMap(transport),
          nobody -> {
            nobody.begin(false);
            nobody.poll(0);
          });
    }
  }

  static void park(long nanos) {
    long end = System.nanoTime() + nanos;
    for (long left; (left = end - System.nanoTime()) > 0; ) LockSupport.parkNanos(left);
  }
}
