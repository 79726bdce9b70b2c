package org.asyncore.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients on a thread of their own: so many at once, and the next one when one goes home. The first
 * that does not get what it should ends them all.
 */
final class Clients implements AutoCloseable {
  private static final int BUFFER = 32 << 10;
  private static final long SELECT_MILLIS = 10; // After which those that did not read are asked.
  private static final long JOIN_MILLIS = TimeUnit.SECONDS.toMillis(30);

  private final int atOnce;
  private final Iterator<Talk> coming;
  private final List<Talk> notReading = new ArrayList<>();
  private final ByteBuffer space = ByteBuffer.allocateDirect(BUFFER);
  private final Thread thread = new Thread(this::run, "load-clients");
  private int present;
  private volatile boolean isClosing;
  private final AtomicInteger gone = new AtomicInteger();
  private volatile Throwable failure;

  private Clients(int atOnce, Iterator<Talk> coming) {
    this.atOnce = atOnce;
    this.coming = coming;
    thread.setDaemon(true);
  }

  /**
   * @param coming asked on the clients' thread
   */
  static Clients start(int atOnce, Iterator<Talk> coming) {
    Clients clients = new Clients(atOnce, coming);
    clients.thread.start();
    return clients;
  }

  /** How many have gone home with what they wanted. */
  int gone() {
    return gone.get();
  }

  boolean areDone() {
    return !thread.isAlive();
  }

  boolean haveFailed() {
    return failure != null;
  }

  void check() {
    if (failure != null) throw new AssertionError(gone + " clients were served", failure);
  }

  private void run() {
    try (Selector selector = Selector.open()) {
      try {
        admit(selector);
        while (present > 0 && !isClosing) {
          selector.select(SELECT_MILLIS);
          for (SelectionKey key : selector.selectedKeys()) serve((Talk) key.attachment());
          selector.selectedKeys().clear();
          notReading.removeIf(Talk::resumes);
          admit(selector);
        }
      } finally {
        for (SelectionKey key : selector.keys()) key.channel().close();
      }
    } catch (Throwable thrown) {
      failure = thrown; // Told by check().
    }
  }

  private void admit(Selector selector) throws IOException {
    while (present < atOnce && coming.hasNext()) {
      Talk talk = coming.next();
      if (talk.open(selector)) notReading.add(talk);
      present++;
    }
  }

  private void serve(Talk talk) throws IOException {
    try {
      if (!talk.goesHome(space)) return;
      present--;
      gone.incrementAndGet();
    } catch (IOException broken) {
      throw new IOException(talk.toString(), broken);
    }
  }

  /** Waits until all have gone home, or one has failed. */
  void join() throws InterruptedException {
    thread.join();
  }

  /** Closes all that are left. */
  @Override
  public void close() {
    isClosing = true;
    try {
      thread.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while the clients left", e);
    }
    if (thread.isAlive()) throw new AssertionError("the clients' thread does not end: " + thread);
  }
}
