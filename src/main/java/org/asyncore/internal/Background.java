package org.asyncore.internal;

import java.lang.ref.Cleaner;

/**
 * Threads of the library's own that nobody starts, and what is done on one of them. Names no type
 * of Netty's: it is there whatever Netty is on the path.
 */
public final class Background {
  private static final Cleaner CLEANER = Cleaner.create(Background::cleanerThread);

  private Background() {}

  private static Thread cleanerThread(Runnable cleaning) {
    return daemon(cleaning, "asyncore-cleaner");
  }

  public static Thread daemon(Runnable work, String name) {
    // Out of the way of whoever happens to need it first: for the life of the process.
    ThreadGroup top = Thread.currentThread().getThreadGroup();
    while (top.getParent() != null) top = top.getParent();
    Thread thread = new Thread(top, work, name, 0, false);
    thread.setContextClassLoader(null);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Has this run once nobody can reach an object any more, on the thread that closes the loops of
   * maps that are garbage.
   *
   * @param action reaches the object by no way
   */
  public static void whenGarbage(Object object, Runnable action) {
    CLEANER.register(object, action);
  }
}
