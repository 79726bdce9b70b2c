package org.asyncore.observe;

import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import org.asyncore.Dispatcher;
import org.asyncore.transport.AsyncSocket;
import org.asyncore.transport.Held;
import org.jspecify.annotations.Nullable;

/** What is known of a dispatcher when it can no longer be reached. Safe from any thread. */
final class UnclosedReport implements Runnable {
  private static final System.Logger LOGGER = System.getLogger("org.asyncore");

  private final String className;
  private final int number;
  private final String origin;

  /**
   * Not held: the loop of a map that is garbage is closed when its sockets are. Alive after its
   * dispatcher, it can still say whether it was closed behind the dispatcher's back.
   */
  private final WeakReference<AsyncSocket> socket;

  private final Runnable forget;
  private volatile boolean ended;

  @SuppressWarnings("NullAway.Init") // Begun as soon as it is made.
  private volatile Cleaner.Cleanable cleanable;

  UnclosedReport(Dispatcher dispatcher, String origin, Runnable forget) {
    className = dispatcher.getClass().getName();
    number = dispatcher.fileno();
    this.origin = origin;
    socket = new WeakReference<>(dispatcher.socket());
    this.forget = forget;
  }

  void begin(Cleaner cleaner, Dispatcher dispatcher) {
    cleanable = cleaner.register(dispatcher, this);
  }

  /** The dispatcher was closed. */
  void end() {
    ended = true;
    cleanable.clean();
  }

  /** A map that is garbage lets go of the sockets that it closes. */
  private static boolean wasClosedBehindIt(@Nullable AsyncSocket known) {
    if (known == null || known.fileno() >= 0) return false;
    return !(known instanceof Held held) || held.holder() != null;
  }

  /** The dispatcher was closed, or is garbage. */
  @Override
  public void run() {
    forget.run();
    if (ended) return;
    if (wasClosedBehindIt(socket.get())) return;
    LOGGER.log(
        Level.WARNING, "unclosed dispatcher " + className + " (number " + number + ")" + origin);
  }
}
